"""Erasing a person, against the floor: one hand-written chain of deletes and one proof row, in a transaction.

    python -m bench.erasure [--rows 20000] [--tables 10] [--runs 30] [--burst 40]

The promises: at most 3 times the floor (100 rows over ten tables), keys destroyed; as many statements for
10,000 rows; a burst of 40 on 2 cores at 25 a second or more.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any
from uuid import UUID

from bench.ground import fill, ground, median_ms, person, timed
from bench.report import at_least, at_most, holds, report, told

FULL = ("--rows 1000000",)
QUICK = ("--rows 200 --tables 2 --runs 2 --burst 3",)
MOST = 3.0
FEWEST_A_SECOND = 25.0
THREADS = 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="rows in each table")
    parser.add_argument("--tables", type=int, default=10)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--burst", type=int, default=40)
    chosen = parser.parse_args()
    with ground() as owner:
        from bench.tables.models import TABLES

        used = TABLES[: chosen.tables]
        fill(owner, [model._meta.db_table for model in used], chosen.rows)
        return _measure(used, chosen.rows, chosen.runs, chosen.burst)


def _measure(used: list[Any], rows: int, runs: int, burst: int) -> int:
    from seqlense.privacy import destruction

    many = 10 * len(used)
    people = [person(many, used) for _ in range(2 * runs + 2)]
    floors, ours = [], []
    _floor(people.pop(), used)
    _erase(people.pop())
    for _ in range(runs):
        one, other = people.pop(), people.pop()
        floors.append(timed(lambda one=one: _floor(one, used)))  # type: ignore[misc]
        ours.append(timed(lambda other=other: _erase(other)))  # type: ignore[misc]
    counts = [_statements(person(size, used)) for size in (many, 1_000 * len(used))]
    rate = _burst([person(many, used) for _ in range(burst)])
    floor, left = median_ms(floors), destruction.waiting()
    return report(
        [
            told(f"floor: {many} rows over {len(used)} tables of {rows:,}", floor, "ms", places=2),
            told("erase(), proof written, keys destroyed", median_ms(ours), "ms", places=2),
            at_most("erase() to the floor", median_ms(ours) / floor, MOST, "×"),
            holds(
                "statements of erase()",
                counts[0] == counts[1],
                f"{counts[0]} for {many} rows, {counts[1]} for {1_000 * len(used):,}",
                "doesn't grow with rows",
            ),
            at_least(f"burst of {burst}, {THREADS} at a time", rate, FEWEST_A_SECOND, "a second"),
            holds("keys left to destroy", not left, str(left), "none"),
        ]
    )


def _erase(subject: UUID) -> None:
    from seqlense.kit.clock import now
    from seqlense.privacy import erasure
    from seqlense.privacy.actor import Actor

    erasure.erase(subject, actor=Actor.person(subject), now=now())


def _statements(subject: UUID) -> int:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    with (
        CaptureQueriesContext(connections["default"]) as data,
        CaptureQueriesContext(connections["keys"]) as keys,
    ):
        _erase(subject)
    return len(data) + len(keys)


def _burst(people: list[UUID]) -> float:
    """Erasures a second."""
    from django.db import connections

    def one(subject: UUID) -> None:
        _erase(subject)

    def close(_: int) -> None:
        connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        began = perf_counter()
        list(pool.map(one, people))
        took = perf_counter() - began
        list(pool.map(close, range(THREADS)))
    return len(people) / took


def _floor(subject: UUID, used: list[Any]) -> None:
    """What nobody can do without: the rows gone, the key gone, proof that they are."""
    from django.db import connection, transaction

    from seqlense.kit.clock import now
    from seqlense.kit.identifiers import uuid7
    from seqlense.privacy import keystore

    deletes = ", ".join(
        f"d{number} as (delete from {model._meta.db_table} where subject_id = %(subject)s returning 1)"
        for number, model in enumerate(used)
    )
    proof = (
        "insert into privacy_act (id, at, kind, actor_kind, actor_part, subject, register_version, detail) "
        "values (%(id)s, %(now)s, 'floor', 'system', '', %(subject)s, '', '{}')"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"with {deletes} {proof}", {"subject": subject, "id": uuid7(), "now": now()})
    keystore.destroy([(subject, "records")])


if __name__ == "__main__":
    sys.exit(main())
