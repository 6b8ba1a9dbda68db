"""Keys of what was deleted are destroyed: asked for in the deleting transaction, done after its commit.

Whatever happens to the process in between, the request stays in the database, and the next drain finishes it.
Doing it twice does no harm.
"""

import functools
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import batched
from uuid import UUID

from django.db import connection, transaction

from seqlense.privacy import keystore, reach, unused_sql
from seqlense.privacy.records import KeyDestruction

AT_ONCE = 20
SUBJECTS_AT_ONCE = 1_000
"""So many people are locked against new rows at a time, for as long as their keys take."""


def ask(
    subjects: Iterable[UUID], activities: Collection[str], *, now: datetime, handles: bool = False
) -> None:
    """Ask for the keys of each of `subjects` in each of `activities`, in the caller's transaction.

    handles: nothing is to find these people any more. Begins right after commit, in this process.
    """
    if not (activities or handles):
        return
    asked = [
        KeyDestruction(created_at=now, subjects=list(some), activities=sorted(activities), handles=handles)
        for some in batched(subjects, SUBJECTS_AT_ONCE, strict=False)
    ]
    if not asked:
        return
    KeyDestruction.objects.bulk_create(asked)
    for one in asked:
        transaction.on_commit(functools.partial(_finish, one.pk), robust=True)


def drain() -> int:
    """Finish what was asked for and not done, by any process; how many requests. Run it every second."""
    done = 0
    while finished := _some(KeyDestruction.objects.order_by("created_at")[:AT_ONCE]):
        done += finished
    return done


def waiting() -> int:
    """How many requests aren't finished."""
    return KeyDestruction.objects.count()


def _finish(asked: UUID) -> None:
    _some(KeyDestruction.objects.filter(pk=asked))


def _some(chosen: Iterable[KeyDestruction]) -> int:
    with transaction.atomic(), reach.maintenance():
        rows = list(chosen.select_for_update(skip_locked=True))  # type: ignore[attr-defined]
        for row in rows:
            _destroy(row)
        KeyDestruction.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _destroy(row: KeyDestruction) -> None:
    """Keys first; only then is the request forgotten."""
    if row.handles:
        keystore.destroy((subject, activity) for subject in row.subjects for activity in row.activities)
        keystore.release_handles(row.subjects)
        return
    for activity in row.activities:
        keystore.destroy((subject, activity) for subject in unused(row.subjects, activity))


def unused(subjects: Collection[UUID], activity: str) -> list[UUID]:
    """Those of `subjects` who have nothing sealed left in that activity, neither in place nor in the archive.

    Locks them against new rows until the transaction ends.
    """
    statement = unused_sql.unused(activity)
    if statement is None or not subjects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from privacy_subject where id = any(%s::uuid[]) order by id for update",
            [list(subjects)],
        )
        cursor.execute(statement, {"subjects": list(subjects)})
        return [row[0] for row in cursor.fetchall()]
