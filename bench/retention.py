"""A sweep, with proof and destroyed keys, against the raw batched DELETE; and what others feel of it.

    python -m bench.retention [--rows 500000] [--expired 50000]

Rounds alternate between all three. The promises: at least 0.6 of the raw rows a second; no writer
waits longer than 50 ms for it; an application that reads 95 times for 5 changes (workload B of YCSB) loses at
most 7 % of its throughput. One that changes as often as it reads (workload A) is measured too.
"""

import argparse
import multiprocessing
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter, sleep
from typing import Any

import psycopg

from bench.ground import fill, ground, timed
from bench.report import Result, at_least, at_most, holds, report, told

FULL = ("--rows 2000000 --expired 500000 --seconds 5 --rounds 5",)
QUICK = ("--rows 2000 --expired 500 --seconds 0.2 --rounds 2",)
LEAST = 0.6
LONGEST_BLOCK = 0.050
MOST_LOST = 0.07
READS_MOSTLY, CHANGES_MUCH = "95 reads, 5 changes", "50 reads, 50 changes"
CHANGES = {READS_MOSTLY: 0.05, CHANGES_MUCH: 0.5}
RAW, SWEPT, WATCHED = "tables_bare", "tables_event", "tables_watched"
BY_HAND = (
    f"delete from {RAW} where ctid = any(array(select ctid from {RAW} "
    "where at <= now() - interval '1 year' order by at limit 5000))"
)

type Owner = psycopg.Connection[tuple[Any, ...]]


@dataclass(kw_only=True)
class Found:
    """What the rounds found: seconds, rows of each batch, and what an application did in how many seconds."""

    raw: list[float] = field(default_factory=list)
    swept: list[float] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    felt: dict[str, list["Felt"]] = field(default_factory=lambda: {READS_MOSTLY: [], CHANGES_MUCH: []})


@dataclass(frozen=True, kw_only=True)
class Felt:
    """What an application did a second, alone and beside a sweep; its longest wait beside it, in seconds."""

    alone: float
    beside: float
    longest: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--expired", type=int, default=50_000)
    parser.add_argument("--each", type=int, default=50, help="rows of one person")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="how long the application runs alone")
    chosen = parser.parse_args()
    found, whole = Found(), True
    with ground() as owner:
        for number in range(chosen.rounds):
            rows = chosen.expired if number else chosen.rows
            _round(owner, found, rows, chosen)
            left = [_left(owner, name) for name in (SWEPT, WATCHED)]
            whole &= left[0][0] == chosen.rows - chosen.expired and left[0][1] == left[1][1] == 0
    return _told(found, chosen, whole=whole)


def _round(owner: Owner, found: Found, rows: int, chosen: argparse.Namespace) -> None:
    """Old rows (in the first round living ones too), swept by hand, by us, and by us beside others."""
    from seqlense.privacy.retention.passes_sql import passes

    expired = chosen.expired
    old = f"interval '366 days' + ({expired} - g.n) * interval '1 second'"
    age = f"case when g.n < {expired} then {old} else interval '10 days' end"
    for name in (RAW, SWEPT):
        fill(owner, [name], rows, each=chosen.each, together=True, age=age)
    _give_keys(owner, SWEPT, "events")
    passes()  # the register is read and compiled once in a process's life
    owner.execute("checkpoint")
    found.raw.append(timed(lambda: _by_hand(owner)))
    owner.execute("checkpoint")
    found.swept.append(timed(lambda: _sweep(found.batches)))
    for name, felt in found.felt.items():
        fill(
            owner,
            [WATCHED],
            rows if name == READS_MOSTLY else expired,
            each=chosen.each,
            together=True,
            age=age,
        )
        _give_keys(owner, WATCHED, "watched")
        owner.execute("checkpoint")
        alone, _ = _beside(owner, CHANGES[name], lambda: sleep(chosen.seconds))
        beside, longest = _beside(owner, CHANGES[name], lambda: _sweep([]))
        felt.append(Felt(alone=alone, beside=beside, longest=longest))


def _told(found: Found, chosen: argparse.Namespace, *, whole: bool) -> int:
    expired, rows = chosen.expired, chosen.rows
    floor, ours = (expired / statistics.median(times) for times in (found.raw, found.swept))
    return report(
        [
            told(f"raw: {expired:,} of {rows:,} rows, 5,000 a commit", floor, "rows/s", places=0),
            told("sweep with proof, keys destroyed", ours, "rows/s", places=0),
            at_least("sweep to raw", ours / floor, LEAST, "×", places=2),
            told("its batches", f"{len(found.batches)}, up to {max(found.batches, default=0):,} rows"),
            holds("what had to go is gone, the rest is there", whole, "yes" if whole else "no", "yes"),
            *(line for name, felt in found.felt.items() for line in _of_application(name, felt)),
        ]
    )


def _of_application(name: str, felt: list[Felt]) -> list[Result]:
    alone, beside = (
        statistics.mean(times) for times in zip(*((one.alone, one.beside) for one in felt), strict=True)
    )
    lost, longest = (1 - beside / alone) * 100, max(one.longest for one in felt) * 1000
    return [
        told(f"{name}: alone, then beside it", f"{alone:,.0f}, {beside:,.0f}/s"),
        at_most(f"{name}: throughput lost", lost, MOST_LOST * 100, "%")
        if name == READS_MOSTLY
        else told(f"{name}: throughput lost", lost, "%"),
        at_most(f"{name}: longest wait beside it", longest, LONGEST_BLOCK * 1000, "ms", places=0),
    ]


def _left(owner: Owner, name: str) -> tuple[int, int]:
    """Rows in a table, and those among them that should have gone."""
    due = "count(*) filter (where at <= now() - interval '1 year')"
    found = owner.execute(f"select count(*), {due} from {name}").fetchone()
    return found or (0, 0)


def _give_keys(owner: Owner, name: str, activity: str) -> None:
    """A key for everybody in that table."""
    from seqlense.privacy import keystore

    people = [row[0] for row in owner.execute(f"select distinct subject_id from {name}").fetchall()]
    for start in range(0, len(people), 20_000):
        keystore.mint([(one, activity) for one in people[start : start + 20_000]])


def _by_hand(owner: Owner) -> None:
    while owner.execute(BY_HAND).rowcount:
        pass


def _sweep(sizes: list[int]) -> None:
    from seqlense.kit.clock import now
    from seqlense.privacy import destruction, retention
    from seqlense.privacy.actor import Actor

    before = [0]

    def told(progress: retention.Progress) -> None:
        sizes.append(progress.total - before[0])
        before[0] = progress.total

    retention.run(now=now(), actor=Actor.system("bench"), progress=told)
    destruction.drain()


def _beside(owner: Owner, changes: float, work: Callable[[], None]) -> tuple[float, float]:
    """What an application does a second beside the work, and its longest wait in seconds."""
    context = multiprocessing.get_context("spawn")
    stop, count, longest = context.Event(), context.Value("q", 0), context.Value("d", 0.0)
    application = context.Process(target=_apply, args=(owner.info.dsn, changes, stop, count, longest))
    application.start()
    while count.value < 50:
        sleep(0.01)
    longest.value = 0.0
    before, began = count.value, perf_counter()
    work()
    took = perf_counter() - began
    done = count.value - before
    stop.set()
    application.join()
    return done / took, longest.value


def _apply(dsn: str, changes: float, stop: Any, count: Any, longest: Any) -> None:
    """What an application does: a page read, a row written or a row changed, each in its own transaction."""
    page = f"select * from {WATCHED} where subject_id = %(subject)s limit 50"
    statements = [
        f"insert into {WATCHED} (id, subject_id, name, address, note, amount, at) select gen_random_uuid(), "
        f"subject_id, name, address, note, 1, now() from {WATCHED} where id = %(row)s",
        f"update {WATCHED} set amount = amount + 1 where id = %(row)s",
    ]
    chance = random.Random(1)
    with psycopg.connect(dsn, autocommit=True) as connection:
        living = connection.execute(
            f"select id, subject_id from {WATCHED} where at > now() - interval '20 days' limit 500"
        ).fetchall()
        while not stop.is_set():
            row, subject = chance.choice(living)
            statement = chance.choice(statements) if chance.random() < changes else page
            began = perf_counter()
            connection.execute(statement, {"row": row, "subject": subject})
            longest.value = max(longest.value, perf_counter() - began)
            count.value += 1
            sleep(0.004)


if __name__ == "__main__":
    sys.exit(main())
