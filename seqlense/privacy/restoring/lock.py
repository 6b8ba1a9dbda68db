"""Whether the data is older than what was done since: then nobody may be served from it.

Three signs, any of which is enough: the mark that our own restore leaves, a restore that isn't finished, and,
whatever brought the data back (a base backup, a snapshot of the volume), a log on the disk that knows more
than the database.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection

from seqlense.privacy import log
from seqlense.privacy.log.errors import LogError
from seqlense.privacy.restoring.errors import Locked
from seqlense.privacy.restoring.marker import MARKER
from seqlense.privacy.restoring.records import Restoration

type Cause = Literal["restored", "unfinished", "log-ahead"]


@dataclass(frozen=True)
class Lock:
    """Why nothing is served.

    cause: "restored" by our command; "unfinished": finishing it has begun; "log-ahead": by other tools.
    since: when that began, where known. backup: its name, where known; taken_at: when it was made.
    entries: how many entries of the log the database doesn't know, 0 where that isn't what told.
    """

    cause: Cause
    since: datetime | None = None
    backup: str = ""
    taken_at: datetime | None = None
    entries: int = 0


def locked() -> Lock | None:
    """Why nothing may be served, or None. Asks the database and the log on the disk each time."""
    return in_database() or ahead()


def refuse() -> None:
    """Raises Locked, which says what to do."""
    if locked() is not None:
        raise Locked(
            "The data was restored from a copy: nothing is done with it until what was done since is done "
            "again. Run: seqlense restore finish"
        )


def in_database() -> Lock | None:
    """What the database says itself."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT, [f"public.{MARKER}", Restoration._meta.db_table])
        marked, recorded = cursor.fetchone()
        if recorded:
            cursor.execute(_UNFINISHED)
            if row := cursor.fetchone():
                return Lock("unfinished", *row)
        if marked:
            return mark(cursor)
    return None


def mark(cursor: Any) -> Lock:
    """The mark that our own restore has left."""
    cursor.execute(f"select begun_at, backup, taken_at from public.{MARKER}")  # noqa: S608 (a constant)
    return Lock("restored", *(cursor.fetchone() or ()))


def ahead() -> Lock | None:
    """What the log on the disk says; nothing where even its size can't be read, which alarms say."""
    try:
        entries = log.ahead()
    except LogError:
        return None
    return Lock("log-ahead", entries=entries) if entries else None


_PRESENT = "select to_regclass(%s) is not null, to_regclass(%s) is not null"
_UNFINISHED = (
    "select begun_at, backup, taken_at, greatest(last - reached, 0) from privacy_restoration "
    "where finished_at is null order by begun_at desc limit 1"
)
