"""Access and erasure while the tables grow: the time stays as it is.

    python -m bench.growth [--sizes 100000 1000000] [--last 10000000]

Ten tables at each size, then two of them at the last size against the same two before. The promise: within
20 %. The sizes can't be compared by turns, so each is measured in several series, and the median of the
calmest one counts.
"""

import argparse
import sys
from time import sleep
from typing import Any

import psycopg

from bench.ground import fill, ground, median_ms, person, timed
from bench.report import Result, at_most, quick, report, told
from seqlense.kit.clock import now

FULL = ("",)
QUICK = ("--sizes 200 400 --last 600 --runs 2",)
MOST = 1.2
ROWS = 10  # of the person, in each table
SERIES, PAUSE, WARM = 8, 1.0, 2

type Owner = psycopg.Connection[tuple[Any, ...]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--last", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=20)
    chosen = parser.parse_args()
    with ground() as owner:
        from bench.tables.models import TABLES

        results: list[Result] = []
        ten = [_at(owner, TABLES, size, chosen.runs) for size in chosen.sizes]
        results += _compared(ten, chosen.sizes, len(TABLES))
        two = TABLES[:2]
        for model in TABLES[2:]:
            owner.execute(f"truncate {model._meta.db_table}")
        before = _at(owner, two, chosen.sizes[-1], chosen.runs)
        last = _at(owner, two, chosen.last, chosen.runs)
        results += _compared([before, last], [chosen.sizes[-1], chosen.last], len(two))
        return report(results)


def _compared(times: list[tuple[float, float]], sizes: list[int], tables: int) -> list[Result]:
    results = []
    for what, place in (("package()", 0), ("erase()", 1)):
        for size, found in zip(sizes, times, strict=True):
            results.append(told(f"{what} over {tables} tables of {size:,}", found[place], "ms", places=2))
        growth = times[-1][place] / times[0][place]
        results.append(
            at_most(
                f"{what}, {tables} tables: {sizes[-1]:,} rows to {sizes[0]:,}", growth, MOST, "×", places=2
            )
        )
    return results


def _at(owner: Owner, used: list[Any], size: int, runs: int) -> tuple[float, float]:
    """Milliseconds of a packaged access and of an erasure, once the tables have so many rows."""
    names = [model._meta.db_table for model in used]
    there = owner.execute(f"select count(*) from {names[0]}").fetchone()
    missing = size - (there[0] if there else 0)
    if missing > 0:
        fill(owner, names, missing)
    owner.execute("checkpoint")
    series = [_series(used, runs) for _ in range(SERIES)]
    return min(read for read, _ in series), min(erased for _, erased in series)


def _series(used: list[Any], runs: int) -> tuple[float, float]:
    from seqlense.privacy import access, erasure
    from seqlense.privacy.actor import Actor

    people = [person(ROWS * len(used), used) for _ in range(runs + WARM)]
    read, erased = [], []
    for one in people:
        actor = Actor.person(one)
        read.append(timed(lambda one=one, actor=actor: access.package(one, actor=actor, now=now())))  # type: ignore[misc]
        erased.append(timed(lambda one=one, actor=actor: erasure.erase(one, actor=actor, now=now())))  # type: ignore[misc]
    sleep(0 if quick() else PAUSE)
    return median_ms(read[WARM:]), median_ms(erased[WARM:])


if __name__ == "__main__":
    sys.exit(main())
