"""Receipts wherever they are kept: those in force at hand, those that ended in the archive.

Whoever reads here has the right to: the person, a browser that holds the receipt's number, or the officer,
who gave a reason. So both are read alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from seqlense.privacy import reach
from seqlense.privacy.consent import kept_sql
from seqlense.privacy.consent.models import Kind, Receipt


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for; what is left open matches anything.

    since, until: when it was given, until not included. about: a purpose, or an outside service.
    """

    since: datetime | None = None
    until: datetime | None = None
    about: str = ""
    shown: str = ""
    how: str = ""

    def condition(self) -> str:
        """SQL over one receipt `r`."""
        parts = [
            "r.at >= %(since)s" if self.since else "",
            "r.at < %(until)s" if self.until else "",
            "(r.purpose = %(about)s or r.answers ->> %(about)s is not null)" if self.about else "",
            "r.shown = %(shown)s" if self.shown else "",
            "r.how = %(how)s" if self.how else "",
        ]
        return " and ".join(filter(None, parts)) or "true"


def find(receipt: UUID) -> Receipt | None:
    """That receipt; None if there is none, or none any more."""
    found = _read("r.id = %(id)s", {"id": receipt})
    return found[0] if found else None


def of(subject: UUID) -> list[Receipt]:
    """All receipts of a person, latest first."""
    return _read("r.subject_id = %(subject)s", {"subject": subject})


def chain(receipt: Receipt) -> list[Receipt]:
    """That receipt and those of the same browser or consent before it, latest first."""
    found = [receipt]
    while (before := found[-1].previous) is not None and len(found) < 50:  # years of choices
        earlier = find(before)
        if earlier is None:
            break
        found.append(earlier)
    return found


def search(wanted: Wanted, *, limit: int, offset: int = 0) -> list[Receipt]:
    """Receipts that match, latest first."""
    return _read(wanted.condition(), vars(wanted), f"limit {int(limit)} offset {int(offset)}")


def content(receipt: UUID) -> tuple[str, bytes] | None:
    """What its entry of the log says, and the salt that opens it; None if there is no such receipt."""
    with reach.maintenance(savepoint=False), connection.cursor() as cursor:
        cursor.execute(kept_sql.CONTENT, {"id": receipt})
        row = cursor.fetchone()
    return (row[0], bytes.fromhex(row[1])) if row else None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """How often one thing was answered in a month: a purpose (`kind` given, withdrawn) or a service
    (choice).
    """

    month: datetime
    kind: Kind
    about: str
    yes: int
    no: int


def figures(wanted: Wanted) -> list[Figure]:
    """Counts by month and what was asked, the latest month first."""
    with reach.maintenance(savepoint=False), connection.cursor() as cursor:
        cursor.execute(kept_sql.figures(wanted.condition()), vars(wanted))
        rows = cursor.fetchall()
    return [
        Figure(month=month, kind=Kind(kind), about=about, yes=yes, no=no)
        for month, kind, about, yes, no in rows
        if not wanted.about or wanted.about == about
    ]


def displays_used() -> Sequence[str]:
    """Hashes and short names of what was shown on any receipt."""
    with reach.maintenance(savepoint=False), connection.cursor() as cursor:
        cursor.execute(kept_sql.SHOWN)
        return [row[0] for row in cursor.fetchall()]


def _read(condition: str, values: dict[str, Any], more: str = "") -> list[Receipt]:
    with reach.maintenance(savepoint=False):
        return list(Receipt.objects.raw(kept_sql.rows(condition, more), values))
