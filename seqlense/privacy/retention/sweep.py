"""The sweep: what the register says is due goes, in small batches, each with its proof and its keys' end."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from seqlense.privacy import acts, destruction, proof_sql, reach, running, signals, unused_sql
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Archived, Hold, RetentionRun
from seqlense.privacy.retention import interrupted
from seqlense.privacy.retention.passes_sql import ARCHIVE, Pass, passes

LARGEST = 40_000
SMALLEST = 250
FIRST = 10_000
WANTED = 0.030
"""Seconds that a batch should take: nobody who waits for it notices."""
GIVING_WAY = 1.0
"""Part of a batch's time that it rests afterwards if it found others at work: they have the machine half the
time to themselves. Alone it doesn't rest.
"""
PATIENCE = 5
BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


class ClockMovedBack(RuntimeError):
    """The clock stands before the last sweep: nothing is deleted until somebody has looked."""

    code = "clock-moved-back"


@dataclass(frozen=True)
class Progress:
    """How far a sweep got: the table it is at, and rows done there and in all."""

    activity: str
    model: str
    outcome: str
    rows: int
    total: int


type Report = Callable[[Progress], None]
type Counts = defaultdict[str, defaultdict[str, int]]


def run(
    *, now: datetime, actor: Actor, progress: Report | None = None, dry_run: bool = False
) -> RetentionRun:
    """Delete, clear or archive what is due; with `dry_run`, only count. If interrupted, the next one goes on,
    and notes it.

    Each batch is one transaction with its proof row. Raises ClockMovedBack.
    """
    interrupted.note_the_dead()
    done = RetentionRun(started_at=now, dry_run=dry_run, register_version=running.register().version)
    with interrupted.alive(done):
        return _run(done, now=now, actor=actor, progress=progress)


def _run(done: RetentionRun, *, now: datetime, actor: Actor, progress: Report | None) -> RetentionRun:
    with reach.maintenance():
        _refuse_the_past(now)
        done.save(force_insert=True)
        if not done.dry_run:
            acts.record("privacy.sweep_started", actor=actor, now=now, run=done.pk)
    counts: Counts = defaultdict(lambda: defaultdict(int))
    try:
        for one in _wanted():
            _do(one, done, counts, now=now, actor=actor, progress=progress)
            if not done.dry_run:
                destruction.drain()
    except BaseException as error:
        _finish(done, counts, RetentionRun.Status.FAILED, code=getattr(error, "code", type(error).__name__))
        raise
    finished = _finish(done, counts, RetentionRun.Status.DONE)
    if not done.dry_run:
        signals.swept.send(sender=RetentionRun, now=now)
    return finished


def _wanted() -> Iterator[Pass]:
    """All passes, those over the archive only if there is anything in it by then."""
    for one in passes():
        if one.model != ARCHIVE or _any_archived():
            yield one


def _any_archived() -> bool:
    with reach.maintenance():
        return Archived.objects.exists()


def _refuse_the_past(now: datetime) -> None:
    if RetentionRun.objects.filter(dry_run=False, started_at__gt=now).exists():
        raise ClockMovedBack("A sweep ran at a later time than now: set the clock right, or wait for it.")


def _finish(run: RetentionRun, counts: Counts, status: RetentionRun.Status, code: str = "") -> RetentionRun:
    with reach.maintenance():
        run.counts = {activity: dict(by_outcome) for activity, by_outcome in counts.items()}
        run.status, run.code = status, code[:40]
        run.finished_at = run.started_at if run.dry_run else _later(run)
        run.save(update_fields=["counts", "status", "code", "finished_at"])
    return run


def _later(run: RetentionRun) -> datetime:
    """The database's own clock: the sweep was told one moment, and may take minutes."""
    with connection.cursor() as cursor:
        cursor.execute("select greatest(%s, clock_timestamp())", [run.started_at])
        found: datetime = cursor.fetchone()[0]
    return found


def _do(
    one: Pass, run: RetentionRun, counts: Counts, *, now: datetime, actor: Actor, progress: Report | None
) -> None:
    """All batches of a pass."""
    if run.dry_run:
        if due := _count(one, now):
            counts[one.activity][one.outcome] += due
        return
    size, start, rows = FIRST, BEGINNING, 0
    while True:
        began = time.perf_counter()
        batch = _patiently(one, run, size, start, now=now, actor=actor)
        if not batch.rows:
            return
        rows += batch.rows
        counts[one.activity][one.outcome] += batch.rows
        start = batch.last or start
        if progress is not None:
            total = sum(sum(by_outcome.values()) for by_outcome in counts.values())
            progress(Progress(one.activity, one.model, one.outcome, rows, total))
        if batch.rows < size and not batch.skipping:
            return
        took = time.perf_counter() - began
        if batch.amid_others:
            time.sleep(took * GIVING_WAY)
        size = _fitting(size, took)


def _fitting(size: int, took: float) -> int:
    return max(SMALLEST, min(LARGEST, int(size * min(1.5, max(0.5, WANTED / max(took, 0.001))))))


def _count(one: Pass, now: datetime) -> int:
    with transaction.atomic(), reach.maintenance(), connection.cursor() as cursor:
        cursor.execute(one.counting(holds=_any_holds(now)), one.parameters(now))
        return int(cursor.fetchone()[0])


def _any_holds(now: datetime) -> bool:
    return Hold.objects.active(now).exists()


@dataclass(frozen=True)
class _Batch:
    rows: int
    last: datetime | None
    skipping: bool = False
    amid_others: bool = False


def _patiently(
    one: Pass, run: RetentionRun, size: int, start: datetime, *, now: datetime, actor: Actor
) -> _Batch:
    """One batch; where somebody holds a lock on its rows or changed one, one that goes round them."""
    for attempt in range(PATIENCE):
        try:
            return _batch(one, run, size, start, now=now, actor=actor, skip_locked=attempt > 0)
        except _Changed:
            continue
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
    return _Batch(0, None)


def _batch(
    one: Pass,
    run: RetentionRun,
    size: int,
    start: datetime,
    *,
    now: datetime,
    actor: Actor,
    skip_locked: bool,
) -> _Batch:
    """One transaction: rows, proof, and the request to destroy keys that may be of no use any more."""
    sealing = [activity for activity in one.activities if unused_sql.unused(activity) is not None]
    detail = {
        "run": str(run.pk),
        "activity": one.activity,
        "model": one.model,
        "event": one.event,
        "outcome": one.outcome,
    }
    parameters = {
        **one.parameters(now),
        "size": size,
        "start": start,
        "sealing": sealing,
        **proof_sql.parameters(actor, version=run.register_version, detail=json.dumps(detail)),
    }
    with reach.maintenance(), connection.cursor() as cursor:
        cursor.execute(_CIRCUMSTANCES, [destruction.DELETING, now, now])
        *_, holds, amid_others = cursor.fetchone()
        cursor.execute(one.batch(holds=holds, skip_locked=skip_locked, sealing=bool(sealing)), parameters)
        gone = cursor.rowcount
        cursor.execute(_PROVEN, [parameters["proof"]])
        rows, last = cursor.fetchone() or (0, None)
        if rows != gone:
            raise _Changed
    return _Batch(rows, last, skip_locked, amid_others)


class _Changed(Exception):
    """Somebody changed a row between the choice and the deletion: nothing of the batch is done."""


_PROVEN = (
    "select (detail ->> 'rows')::bigint, (detail ->> 'until')::timestamptz from privacy_act where id = %s"
)


_CIRCUMSTANCES = (
    "with turn as materialized (select pg_advisory_xact_lock(%s)) "
    "select set_config('lock_timeout', '100ms', true), set_config('synchronous_commit', 'off', true), "
    "exists (select 1 from privacy_hold h "
    "where h.placed_at <= %s and (h.ends_at is null or h.ends_at > %s)), privacy_others_at_work() from turn"
)
"""Whoever deletes sets of rows waits for nobody, nor for the disk (what a crash brings back goes in the next
sweep; `destruction.drain` waits before it destroys keys); are there holds at all, and others at work?"""
