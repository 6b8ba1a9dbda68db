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
from django.db.models import QuerySet

from seqlense.privacy import keystore, reach, running, unused_sql
from seqlense.privacy.records import KeyDestruction

AT_ONCE = 20
SUBJECTS_AT_ONCE = 1_000
"""So many people are locked against new rows at a time, for as long as their keys take."""


def ask(subjects: Iterable[UUID], activities: Collection[str], *, now: datetime) -> None:
    """Ask for the keys of each of `subjects` in each of `activities`, in the caller's transaction.

    A key goes only if nothing sealed is left under it by then. Begins right after commit, in this process.
    """
    _write(
        [
            KeyDestruction(created_at=now, subjects=list(some), activities=sorted(activities))
            for some in batched(subjects, SUBJECTS_AT_ONCE, strict=False)
        ]
    )


def ask_all_but(subject: UUID, kept: Collection[str], *, now: datetime, handles: bool) -> None:
    """Ask for every key of one person but those of the activities `kept`, whatever is left under them.

    handles: nothing is to find that person any more.
    """
    useless = {activity for activity in running.register().activities if activity not in kept}
    _write(
        [
            KeyDestruction(
                created_at=now, subjects=[subject], activities=sorted(useless), erased=True, handles=handles
            )
        ]
    )


def _write(asked: list[KeyDestruction]) -> None:
    KeyDestruction.objects.bulk_create(asked)
    for one in asked:
        transaction.on_commit(functools.partial(_finish, one), robust=True)


def drain() -> int:
    """Finish what was asked for and not done, by any process; how many requests. Run it every second."""
    done = 0
    while finished := _some(KeyDestruction.objects.order_by("created_at")[:AT_ONCE]):
        done += finished
    return done


def waiting() -> int:
    """How many requests aren't finished."""
    return KeyDestruction.objects.count()


def _finish(asked: KeyDestruction) -> None:
    """What this process asked for itself, right after its commit."""
    if asked.erased:
        _destroy(asked)  # not waiting for whoever may be doing the same: twice does no harm
        with connection.cursor() as cursor:
            cursor.execute(_DONE, [asked.pk])
    else:
        _some(KeyDestruction.objects.filter(pk=asked.pk))


_DONE = (
    "delete from privacy_keydestruction "
    "using (select set_config('synchronous_commit', 'off', true)) as quick where id = %s"
)
"""Should the machine stop before this is on disk, the keys are destroyed once more."""


def _some(chosen: QuerySet[KeyDestruction]) -> int:
    with reach.maintenance():
        rows = list(chosen.select_for_update(skip_locked=True))
        for row in rows:
            _destroy(row)
        KeyDestruction.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _destroy(row: KeyDestruction) -> None:
    """Keys first; only then is the request forgotten."""
    if row.handles:
        keystore.release_handles(row.subjects)
    if row.erased and set(row.activities) >= set(running.register().activities):
        keystore.destroy_all_of(row.subjects)
    elif row.erased:
        keystore.destroy((subject, activity) for subject in row.subjects for activity in row.activities)
    else:
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
