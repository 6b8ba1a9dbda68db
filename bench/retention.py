"""A sweep, with proof and destroyed keys, against the raw batched DELETE; and what others feel of it.

    python -m bench.retention [--rows 200000] [--expired 50000]

Full size: --rows 2000000 --expired 500000. The promises: at least 0.6 of the raw rows a second; no writer
waits longer than 50 ms for it; the application loses at most 7 % of its throughput.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Callable
from time import perf_counter, sleep
from typing import Any

import psycopg

from bench.ground import fill, ground, timed
from bench.report import at_least, at_most, holds, report, told

FULL = ("--rows 2000000 --expired 500000 --seconds 15",)
QUICK = ("--rows 2000 --expired 500 --seconds 0.2",)
LEAST = 0.6
LONGEST_BLOCK = 0.050
MOST_LOST = 0.07
RAW = (
    "delete from {table} where ctid = any(array(select ctid from {table} "
    "where at <= now() - interval '1 year' order by at limit 5000))"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--expired", type=int, default=50_000)
    parser.add_argument("--each", type=int, default=50, help="rows of one person")
    parser.add_argument("--seconds", type=float, default=5, help="how long the application runs alone")
    chosen = parser.parse_args()
    with ground() as owner:
        return _measure(owner, chosen.rows, chosen.expired, chosen.each, chosen.seconds)


def _measure(
    owner: psycopg.Connection[tuple[Any, ...]], rows: int, expired: int, each: int, seconds: float
) -> int:
    from seqlense.privacy.retention.passes_sql import passes

    raw, swept, watched = "tables_bare", "tables_event", "tables_watched"
    age = f"interval '366 days' + ({expired} - g.n) * interval '1 second'"
    living = "interval '10 days'"
    for name in (raw, swept):
        fill(
            owner,
            [name],
            rows,
            each=each,
            together=True,
            age=f"case when g.n < {expired} then {age} else {living} end",
        )
    _give_keys(owner, swept, "events")
    owner.execute("checkpoint")
    floor = expired / timed(lambda: _raw(owner, raw))
    passes()  # the register is read and compiled once in a process's life
    owner.execute("checkpoint")
    sizes: list[int] = []
    ours = expired / timed(lambda: _sweep(sizes))
    left = owner.execute(f"select count(*) from {swept}").fetchone()
    fill(
        owner,
        [watched],
        rows,
        each=each,
        together=True,
        age=f"case when g.n < {expired} then {age} else {living} end",
    )
    _give_keys(owner, watched, "watched")
    owner.execute("checkpoint")
    alone, _, _ = _beside(owner, watched, lambda: sleep(seconds))
    beside, longest, took = _beside(owner, watched, lambda: _sweep([]))
    lost = 1 - beside / alone
    whole = left is not None and left[0] == rows - expired
    return report(
        [
            told(f"raw: {expired:,} of {rows:,} rows, 5,000 a commit", floor, "rows/s", places=0),
            told("sweep with proof, keys destroyed", ours, "rows/s", places=0),
            at_least("sweep to raw", ours / floor, LEAST, "×", places=2),
            told("its batches", f"{len(sizes)}, up to {max(sizes, default=0):,} rows"),
            holds("what had to go is gone, the rest is there", whole, "yes" if whole else "no", "yes"),
            at_most(
                "longest wait of a writer beside it", longest * 1000, LONGEST_BLOCK * 1000, "ms", places=0
            ),
            told(f"application alone, then beside it ({took:.0f} s)", f"{alone:,.0f}, {beside:,.0f}/s"),
            at_most("throughput that the application lost", lost * 100, MOST_LOST * 100, "%"),
        ]
    )


def _give_keys(owner: psycopg.Connection[tuple[Any, ...]], name: str, activity: str) -> None:
    """A key for everybody in that table."""
    from seqlense.privacy import keystore

    people = [row[0] for row in owner.execute(f"select distinct subject_id from {name}").fetchall()]
    for start in range(0, len(people), 20_000):
        keystore.mint([(one, activity) for one in people[start : start + 20_000]])


def _raw(owner: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    while owner.execute(RAW.format(table=name)).rowcount:
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


def _beside(
    owner: psycopg.Connection[tuple[Any, ...]], name: str, work: Callable[[], None]
) -> tuple[float, float, float]:
    """Writes a second by an application beside the work, its longest wait, and how long the work took."""
    context = multiprocessing.get_context("spawn")
    stop, count, longest = context.Event(), context.Value("q", 0), context.Value("d", 0.0)
    writer = context.Process(target=_write_on, args=(owner.info.dsn, name, stop, count, longest))
    writer.start()
    while count.value < 50:
        sleep(0.01)
    longest.value = 0.0
    before, began = count.value, perf_counter()
    work()
    took = perf_counter() - began
    done = count.value - before
    stop.set()
    writer.join()
    return done / took, longest.value, took


def _write_on(dsn: str, name: str, stop: Any, count: Any, longest: Any) -> None:
    """What an application does: a row written, a row changed, a page read, each in its own transaction."""
    statements = [
        f"insert into {name} (id, subject_id, name, address, note, amount, at) select gen_random_uuid(), "
        f"subject_id, name, address, note, 1, now() from {name} where id = %(row)s",
        f"update {name} set amount = amount + 1 where id = %(row)s",
        f"select * from {name} where subject_id = %(subject)s limit 50",
    ]
    with psycopg.connect(dsn, autocommit=True) as connection:
        living = connection.execute(
            f"select id, subject_id from {name} where at > now() - interval '20 days' limit 500"
        ).fetchall()
        for turn in range(10**9):
            if stop.is_set():
                return
            row, subject = living[turn % len(living)]
            began = perf_counter()
            connection.execute(statements[turn % 3], {"row": row, "subject": subject})
            longest.value = max(longest.value, perf_counter() - began)
            count.value += 1
            sleep(0.004)


if __name__ == "__main__":
    sys.exit(main())
