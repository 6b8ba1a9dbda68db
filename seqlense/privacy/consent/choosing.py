"""A browser chooses on outside services: one statement writes the receipt, and its entry of the log with
it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import plans, running
from seqlense.privacy.consent import displays
from seqlense.privacy.consent.choices import LIFE, Choice, offered
from seqlense.privacy.consent.errors import Malformed, UnknownDisplay, UnknownService

HOWS: Final = frozenset({"accept_all", "refuse_all", "panel", "placeholder", "gpc", "settings"})
_HASH: Final = re.compile("[0-9a-f]{64}")
SAME: Final = timedelta(seconds=10)
"""Within this time the same answer again is the same act: a double click, a page sent twice."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody answered. answers: service → yes or no. how, shown, language: as of `Receipt`."""

    answers: Mapping[str, bool]
    how: str
    shown: str
    language: str

    @classmethod
    def read(cls, sent: bytes, *, signalled: bool = False) -> "Wish":
        """From what a browser sent, as JSON. signalled: whether it also signals Global Privacy Control.

        Raises Malformed, UnknownService, UnknownDisplay.
        """
        try:
            found = json.loads(sent)
        except (ValueError, RecursionError):
            raise Malformed from None
        if not isinstance(found, dict):
            raise Malformed
        answers = found.get("services")
        texts: list[Any] = [found.get(name) for name in ("how", "shown", "language")]
        if not isinstance(answers, dict) or not answers or not all(isinstance(one, str) for one in texts):
            raise Malformed
        if not all(isinstance(yes, bool) for yes in answers.values()):
            raise Malformed
        wish = cls(answers=answers, how=texts[0], shown=texts[1], language=texts[2])
        wish.check(signalled=signalled)
        return wish

    def check(self, *, signalled: bool) -> None:
        """Raises Malformed for an act that contradicts itself, UnknownService, UnknownDisplay."""
        answers = set(self.answers.values())
        if self.how not in HOWS or (self.how == "gpc" and not signalled):
            raise Malformed
        if (self.how == "accept_all" and False in answers) or (
            self.how in ("refuse_all", "gpc") and True in answers
        ):
            raise Malformed
        if not self.answers.keys() <= {one.id for one in offered()}:
            raise UnknownService
        known = self.language in dict(settings.LANGUAGES) and _HASH.fullmatch(self.shown) is not None
        if not known or not displays.was_shown(self.shown, self.language):
            raise UnknownDisplay


def choose(wish: Wish, *, before: Choice | None, subject: UUID | None = None, now: datetime) -> Choice:
    """Write the receipt of an act; what the browser has chosen altogether from now on.

    before: its choice so far, of its signed cookie. Where this act answers all that was answered before, that
    receipt ends with it. subject: the person, where they want their choice on all their browsers.
    """
    start = before if before is not None and not before.by_signal else None
    if start is not None and _is_again(wish, start, now):
        return start
    receipt = uuid7()
    replaces = start is not None and start.asked <= wish.answers.keys()
    _execute(
        _REPLACE if replaces else _ADD,
        {
            "id": receipt,
            "subject": subject,
            "now": now,
            "answers": json.dumps(dict(wish.answers)),
            "how": wish.how,
            "shown": wish.shown,
            "language": wish.language,
            "version": running.enlist(now),
            "end": now + LIFE,
            "previous": start.receipt if start is not None else None,
        },
    )
    empty = Choice(answers={}, made_at=now)
    return (start or empty).then(wish.answers, receipt=receipt, now=now)


def _is_again(wish: Wish, start: Choice, now: datetime) -> bool:
    known = {name: one.yes for name, one in start.answers.items()}
    return start.made_at <= now < start.made_at + SAME and known.items() >= dict(wish.answers).items()


def _execute(statement: str, values: dict[str, Any]) -> None:
    """One statement to the server: whether a kept line still works is found out by using it.

    Django asks `SELECT 1` first, which costs as much again. Outside a transaction a line that was cut off is
    opened anew, once; a receipt has its id already, so that the second try can't write it twice.
    """
    alone = not connection.in_atomic_block
    if alone and connection.connection is not None:
        connection.health_check_done = True  # type: ignore[attr-defined]  # Django's own, not in the stubs
    try:
        with plans.kept(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except (OperationalError, InterfaceError):
        if not alone:
            raise
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} on conflict (id) do nothing", values)


_ADD: Final = (
    "insert into consent_receipt (id, subject_id, at, kind, purpose, answers, how, shown, language, "
    "register_version, previous, salt, ended_at) values (%(id)s, %(subject)s, %(now)s, 'choice', '', "
    "%(answers)s::jsonb, %(how)s, %(shown)s, %(language)s, %(version)s, %(previous)s, '', %(end)s)"
)
_ENDING: Final = (
    "with replaced as (update consent_receipt set ended_at = greatest(at, %(now)s) "
    "where id = %(previous)s and kind = 'choice' and ended_at > %(now)s)"
)
_REPLACE: Final = " ".join([_ENDING, _ADD])
