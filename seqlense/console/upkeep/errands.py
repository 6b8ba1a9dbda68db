"""Errands: long work that staff ask for on a page, done by a worker, with its progress on the page."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from procrastinate.contrib.django import app

from seqlense.console.models import KEPT, Errand
from seqlense.privacy.actor import Actor
from seqlense.privacy.errors import PrivacyError
from seqlense.privacy.evidence.target import draft_of

type Outcome = dict[str, Any]
type Doing = Callable[["Following", dict[str, Any], Actor, datetime], Outcome]

TASK: Final = "console.errand"
LISTED: Final = timedelta(days=30)
"""How long a finished errand is listed."""
CUT_OFF: Final = timedelta(hours=12)
"""An errand that has run for longer was cut off, and nobody begins it again."""
EVERY: Final = 1.0
"""Seconds between two notes of how far an errand is."""


class Following:
    """How far an errand is, written down once a second beside the work, whose transaction hides nothing."""

    def __init__(self, errand: UUID) -> None:
        self.errand = errand
        self.reached = 0
        self.total = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def add(self, more: int) -> None:
        """So many bytes are done."""
        self.reached += more

    def file(self) -> Path:
        """Where what the errand makes lies for a day."""
        return file_of(self.errand)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _write(self) -> None:
        try:
            while not self._ended.wait(EVERY):
                Errand.objects.filter(pk=self.errand).update(reached=self.reached, total=self.total)
        finally:
            connections.close_all()


@transaction.atomic
def ask(kind: Errand.Kind, *, actor: Actor, now: datetime, given: dict[str, Any] | None = None) -> Errand:
    """Have a worker do it. While the same is being done already, nothing is begun anew."""
    wanted = given or {}
    running = Errand.objects.filter(kind=kind, given=wanted, finished_at=None)
    found = running.filter(asked_at__gt=now - CUT_OFF).first()
    if found is not None:
        return found
    row = Errand.objects.create(kind=kind, given=wanted, asked_at=now)
    app.configure_task(TASK, queue="privacy").defer(errand=str(row.pk), by=str(actor.subject))
    return row


def do(errand: UUID, works: Mapping[str, Doing], *, actor: Actor, now: datetime) -> None:
    """Do it, unless that was done. What it ends with, or why it failed, stays in its row.

    works: kind → what does errands of that kind; it answers counts, codes and names.
    """
    row = Errand.objects.filter(pk=errand, finished_at=None).first()
    if row is None:
        return
    Errand.objects.filter(pk=errand).update(started_at=now, reached=0)
    code, outcome = "errand-failed", {}
    following, began = Following(errand), time.monotonic()
    try:
        with following:
            outcome = works[row.kind](following, row.given, actor, now)
        code = ""
    except PrivacyError as fault:
        code = fault.code
    finally:
        Errand.objects.filter(pk=errand).update(
            finished_at=now + timedelta(seconds=time.monotonic() - began),
            code=code,
            outcome=outcome,
            reached=following.reached,
            total=following.total,
        )


def of(*kinds: Errand.Kind, number: int = 10) -> list[Errand]:
    """The latest errands of these kinds, the newest first."""
    return list(Errand.objects.filter(kind__in=kinds)[:number])


def file_of(errand: UUID) -> Path:
    """The file that it made, if it made one and is not over its day."""
    return folder() / f"{errand}.zip"


def folder() -> Path:
    """Where files lie for a day, readable by the product's own account alone."""
    found = Path(settings.SEQLENSE_HOME) / "evidence"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def tidy(*, now: datetime) -> None:
    """Files over their day go; errands that were cut off end; old ones are forgotten."""
    cut_off = Errand.objects.filter(finished_at=None, asked_at__lt=now - CUT_OFF)
    cut_off.update(finished_at=now, code="cut-off")
    kept = {file_of(one.pk) for one in Errand.objects.filter(finished_at__gt=now - KEPT)}
    working = {file_of(one.pk) for one in Errand.objects.filter(finished_at=None)}
    drafts = {draft_of(path) for path in working}
    for path in folder().iterdir():
        if path not in kept | working | drafts:
            with suppress(FileNotFoundError):
                path.unlink()
    Errand.objects.filter(finished_at__lt=now - LISTED).delete()
