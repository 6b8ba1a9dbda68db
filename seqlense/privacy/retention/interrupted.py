"""Sweeps whose process died: the next one notes that they were cut off, and what they had done by then.

A sweep holds a lock of PostgreSQL's named for it, which goes with its process or its line to the database.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

from seqlense.privacy import reach
from seqlense.privacy.records import Act, RetentionRun

CODE = "interrupted"


@contextmanager
def alive(run: RetentionRun) -> Iterator[None]:
    """That run goes on until the end of the block. Begin it before the run is written down."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_lock(run)])
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:  # no line, no lock
            cursor.execute("select pg_advisory_unlock(%s)", [_lock(run)])


def note_the_dead() -> None:
    """Runs that nobody is at any more: failed, with the rows that their proofs count."""
    for run in RetentionRun.objects.filter(status=RetentionRun.Status.RUNNING):
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [_lock(run)])
            if cursor.fetchone() != (True,):
                continue
            _note(run)
            cursor.execute("select pg_advisory_unlock(%s)", [_lock(run)])


def _note(run: RetentionRun) -> None:
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    with reach.maintenance():
        proofs = Act.objects.filter(kind="privacy.swept", at=run.started_at, detail__run=str(run.pk))
        for detail in proofs.values_list("detail", flat=True):
            counts[detail["activity"]][detail["outcome"]] += detail["rows"]
        RetentionRun.objects.filter(pk=run.pk, status=RetentionRun.Status.RUNNING).update(
            status=RetentionRun.Status.FAILED,
            code=CODE,
            counts={activity: dict(by_outcome) for activity, by_outcome in counts.items()},
        )


def _lock(run: RetentionRun) -> int:
    return int.from_bytes(run.pk.bytes[8:], signed=True)
