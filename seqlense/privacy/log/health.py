"""How the log is: for pages, the doctor and alarms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from seqlense.privacy.alarms import Alarm
from seqlense.privacy.log import place, sealing
from seqlense.privacy.log.errors import LogAhead, LogBehind, LogDamaged, LogError, LogForked, LogMissing

LATE: Final = timedelta(seconds=30)
"""A leaf that waits longer says that nobody seals; ordinarily it is a second at most."""


@dataclass(frozen=True)
class LogState:
    """What can be said of the log.

    origin: its name; "" while it has no key. head: how far it was signed. unsealed: leaves that wait;
    waiting: for how long the oldest has. problems: codes of what keeps it from going on; none if all is well.
    """

    origin: str
    head: sealing.Head
    unsealed: int
    waiting: timedelta
    problems: tuple[str, ...]

    @property
    def lag(self) -> timedelta:
        """The same as `waiting`."""
        return self.waiting


def state(*, now: datetime) -> LogState:
    """How the log is, the files' last tiles included. Writes nothing."""
    head = sealing.head()
    unsealed, oldest = _unsealed()
    waiting = max(now - oldest, timedelta(0)) if oldest else timedelta(0)
    problems = list(_problems(head))
    if head.at is not None and head.at > now + timedelta(seconds=1):
        problems.append("log-clock-back")
    if waiting > LATE and place.folder() is not None and not problems:
        problems.append("log-late")
    return LogState(_origin(), head, unsealed, waiting, tuple(problems))


def alarms(now: datetime) -> Iterator[Alarm]:
    """What somebody should look at: a log that can't go on, leaves that wait."""
    if place.folder() is None:
        return
    found = state(now=now)
    since = now - found.waiting if found.unsealed else None
    for problem in found.problems:
        yield Alarm(f"log.{problem.removeprefix('log-')}", since, str(found.unsealed or ""))


def _problems(head: sealing.Head) -> Iterator[str]:
    if place.folder() is None:
        return
    try:
        published = sealing.published_head()
        if published is None:
            if head.size:
                yield LogMissing.code
            return
        files = place.files()
        if published.size < head.size:
            yield LogBehind.code
        elif files.root(published.size) != published.root:
            yield LogDamaged.code
        elif head.size and files.root(head.size) != head.root:
            yield LogForked.code
        elif published.size > head.size and sealing.unknown(head.size, published.size):
            yield LogAhead.code
    except LogError as wrong:
        if head.size or wrong.code != "log-key-missing":
            yield wrong.code


def _unsealed() -> tuple[int, datetime | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), min(a.at) from privacy_leaf l left join privacy_act a on a.id = l.act "
            "where l.sealed_at is null"
        )
        count, oldest = cursor.fetchone() or (0, None)
    return int(count), oldest


def _origin() -> str:
    try:
        return place.verifier().name
    except (LogError, AttributeError):
        return ""
