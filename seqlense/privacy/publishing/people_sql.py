"""Whom a change concerns: people with rows in the activities changed, found in one statement."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from seqlense.privacy import reach
from seqlense.privacy.governance import Governed, declared
from seqlense.privacy.governance.whom_sql import ROW, about, column_of, table
from seqlense.privacy.publishing import signals

PERSON: Final = "s.id"
NOBODY: Final = UUID(int=0)
KNOWN: Final = "from privacy_subject s where s.erased_at is null and s.created_at <= %(before)s"
"""People whom we knew before a version was published: whoever came later read that version."""


def count(activities: Collection[str], *, before: datetime) -> int:
    """How many people the activities concern."""
    held = _held(activities)
    if held is None:
        return 0
    [(found,)] = _asked(f"select count(*) {KNOWN} and ({held})", before=before)
    return int(found)


def batch(activities: Collection[str], *, before: datetime, after: UUID | None, most: int) -> list[UUID]:
    """The next people by id, behind `after`, `most` of them at most."""
    held = _held(activities)
    if held is None:
        return []
    wanted = f"select s.id {KNOWN} and s.id > %(after)s and ({held}) order by s.id limit %(most)s"
    return [one for (one,) in _asked(wanted, before=before, after=after or NOBODY, most=most)]


def concerned(subject: UUID, activities: Collection[str]) -> frozenset[str]:
    """Of these activities, those that hold something about the person. One statement."""
    asked = {one: held for one in sorted(activities) if (held := _held([one])) is not None}
    if not asked:
        return frozenset()
    columns = ", ".join(f"({held})" for held in asked.values())
    rows = _asked(f"select {columns} from privacy_subject s where s.id = %(subject)s", subject=subject)
    return frozenset(name for row in rows for name, found in zip(asked, row, strict=True) if found)


def _held(activities: Collection[str]) -> str | None:
    """Condition: one of these activities holds something about the person; None where none holds anything."""
    found = dict.fromkeys(held for one in sorted(activities) for held in _tables(one))
    return " or ".join(found) or None


def _tables(activity: str) -> Iterator[str]:
    for entry in declared().in_activity(activity):
        yield _exists(entry, activity)
    for _, others in signals.using.send(sender=None, activity=activity):
        for other in others or ():
            for entry in declared().in_activity(other):
                yield _exists(entry, other)


def _exists(entry: Governed, activity: str) -> str:
    """Rows of the activity's own count as they are; of another's rows, those whose columns hold something."""
    model = entry.model_class()
    condition = about(entry, PERSON)
    if entry.activity != activity:
        filled = [
            f"{column_of(model, name)} is not null"
            for name, key in entry.item_keys.items()
            if key.split(".")[0] == activity
        ]
        condition = f"{condition} and ({' or '.join(filled)})"
    return f"exists (select 1 from {table(model)} {ROW} where {condition})"


def _asked(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with reach.maintenance(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
