"""Keys of what was deleted are destroyed: asked for in the deleting transaction, done after its commit.

Whatever happens to the process in between, the request stays in the database, and the next drain finishes it.
Doing it twice does no harm.
"""

import functools
from collections.abc import Collection
from datetime import datetime
from itertools import batched
from uuid import UUID

from django.db import connection, transaction

from seqlense.privacy import keystore, reach, running, unused_sql
from seqlense.privacy.keystore import vault
from seqlense.privacy.log import openings
from seqlense.privacy.records import KeyDestruction

REQUESTS_AT_ONCE = 20
DELETING = 0x5E91E25E
"""Advisory lock of all that deletes sets of rows, one at a time: none of them waits in a circle."""
SUBJECTS_AT_ONCE = 1_000
"""So many people are locked against new rows at a time, for as long as their keys take."""


def take_turn() -> None:
    """Wait until no other erasure, sweep's batch or new hold is at work. Lasts until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [DELETING])


def all_but(subject: UUID, kept: Collection[str], *, now: datetime, handles: bool) -> KeyDestruction:
    """A request for every key of one person but those of the activities `kept`; the caller writes it.

    With them goes what opens the person's entries of the log. handles: nothing is to find them any more.
    Begins right after commit, in this process.
    """
    useless = sorted(activity for activity in running.register().activities if activity not in kept)
    useless.append(openings.KEY)
    asked = KeyDestruction(created_at=now, subjects=[subject], activities=useless, handles=handles)
    asked.erased = True
    transaction.on_commit(functools.partial(_finish, asked), robust=True)
    return asked


def if_unused(subject: UUID, activity: str, *, now: datetime) -> None:
    """Ask, in the caller's transaction, for that key's end unless something sealed is left under it then.

    For a room that deletes a person's rows of one activity. The worker sees to it within a second.
    """
    KeyDestruction.objects.create(created_at=now, subjects=[subject], activities=[activity])


def drain() -> int:
    """Finish what was asked for and not done, by any process; how many requests. Run it every second."""
    done = 0
    waiting = KeyDestruction.objects.order_by("created_at")
    while erased := list(waiting.filter(erased=True)[:REQUESTS_AT_ONCE]):
        for one in erased:
            _for_the_erased(one)
        done += _forget(erased)
    while swept := list(waiting.filter(erased=False).defer("subjects")[:REQUESTS_AT_ONCE]):
        _on_the_disk()
        _for_the_unused(swept)
        done += _forget(swept)
    return done


def _on_the_disk() -> None:
    """Keys go only after what they sealed: a sweep's commits don't wait for the disk, this one does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('synchronous_commit', 'on', true), pg_current_xact_id()")


def _forget(done: list[KeyDestruction]) -> int:
    KeyDestruction.objects.filter(pk__in=[one.pk for one in done]).delete()
    return len(done)


def waiting() -> int:
    """How many requests aren't finished."""
    return KeyDestruction.objects.count()


def _finish(asked: KeyDestruction) -> None:
    """What this process asked for itself, right after its commit."""
    _for_the_erased(asked)
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [asked.pk])


_DONE = (
    "delete from privacy_keydestruction "
    "using (select set_config('synchronous_commit', 'off', true)) as quick where id = %s"
)
"""Should the machine stop before this is on disk, the keys are destroyed once more."""


def _for_the_erased(asked: KeyDestruction) -> None:
    """Whatever may be left under the keys; in one transaction of the keystore's."""
    if not keystore.available():
        return
    with vault.changing():
        if asked.handles:
            keystore.release_handles(asked.subjects)
        if set(asked.activities) >= set(running.register().activities):
            keystore.destroy_all_of(asked.subjects)
        else:
            keystore.destroy((one, activity) for one in asked.subjects for activity in asked.activities)


def _for_the_unused(asked: list[KeyDestruction]) -> None:
    """Only keys under which nothing is left."""
    requests = [one.pk for one in asked]
    for activity in sorted({activity for one in asked for activity in one.activities}):
        if unused_sql.unused(activity) is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute(_NAMED, {"requests": requests, "activity": activity})
            named = [row[0] for row in cursor.fetchall()]
        for some in batched(named, SUBJECTS_AT_ONCE, strict=False):
            _destroy_unused(list(some), activity)


_NAMED = (
    "select distinct unnest(subjects) from privacy_keydestruction "
    "where id = any(%(requests)s::uuid[]) and %(activity)s = any(activities) order by 1"
)


def _destroy_unused(subjects: list[UUID], activity: str) -> None:
    """Nobody adds a row about these people between the last look and the end of their key.

    With the last of somebody's keys goes what opens their entries of the log.
    """
    listed = {"subjects": ",".join(map(str, subjects))}
    with reach.maintenance(), connection.cursor() as cursor:
        cursor.execute(_LOCKED, listed)
        cursor.execute(unused_sql.unused(activity) or "", listed)
        unused = [row[0] for row in cursor.fetchall()]
        if unused and keystore.available():
            cursor.execute(_UNKNOWN, [",".join(map(str, unused))])
            with vault.changing():
                keystore.destroy((one, activity) for one in unused)
                keystore.destroy_last([row[0] for row in cursor.fetchall()], openings.KEY)


_UNKNOWN = (
    "select who from unnest(string_to_array(%s, ',')::uuid[]) who "
    "where not exists (select 1 from privacy_person p where p.subject_id = who)"
)
"""Those who aren't people of the project's own table either."""
_LOCKED = (
    "with quick as materialized (select set_config('synchronous_commit', 'off', true)), "
    "locked as materialized (select s.id from privacy_subject s, quick "
    "where s.id = any(string_to_array(%(subjects)s, ',')::uuid[]) order by s.id for update of s) "
    "select count(*) from locked"
)
"""Two statements, as the second must see what was committed while the first waited. Locks need no disk."""
