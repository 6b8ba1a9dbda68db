"""Access to all that is held about a person, against the floor: one statement by hand and bare decryption.

    python -m bench.access [--rows 20000] [--tables 10] [--runs 40]

The promises: a packaged access with manifest in at most 5 times the floor (100 rows over ten tables); as many
statements for 10,000 rows; the time does not grow with the tables.
"""

import argparse
import sys
from typing import Any
from uuid import UUID

from bench.ground import fill, ground, median_ms, person, timed
from bench.report import at_most, holds, report, told

FULL = ("--rows 1000000",)
QUICK = ("--rows 200 --tables 2 --runs 2",)
MOST = 5.0
COLUMNS = "id, name, address, note, amount, at"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="rows in each table")
    parser.add_argument("--tables", type=int, default=10)
    parser.add_argument("--runs", type=int, default=40)
    chosen = parser.parse_args()
    with ground() as owner:
        from bench.tables.models import TABLES

        used = TABLES[: chosen.tables]
        fill(owner, [model._meta.db_table for model in used], chosen.rows)
        return _measure(used, chosen.rows, chosen.runs)


def _measure(used: list[Any], rows: int, runs: int) -> int:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from seqlense.kit.clock import now
    from seqlense.privacy import access
    from seqlense.privacy.actor import Actor

    ada, big = person(10 * len(used), used), person(1_000 * len(used), used)
    read, packaged, floors = [], [], []
    for _ in range(runs):
        floors.append(timed(lambda: _floor(ada, used)))
        read.append(timed(lambda: access.everything(ada, now=now())))
        packaged.append(timed(lambda: access.package(ada, actor=Actor.person(ada), now=now())))
    big_ones = [timed(lambda: access.package(big, actor=Actor.person(big), now=now())) for _ in range(3)]
    big_floor = [timed(lambda: _floor(big, used)) for _ in range(3)]
    counts = []
    for subject in (ada, big):
        with (
            CaptureQueriesContext(connections["default"]) as data,
            CaptureQueriesContext(connections["keys"]) as keys,
        ):
            access.package(subject, actor=Actor.person(subject), now=now())
        counts.append(len(data) + len(keys))
    floor = median_ms(floors)
    return report(
        [
            told(f"floor: {10 * len(used)} rows over {len(used)} tables of {rows:,}", floor, "ms", places=2),
            told("everything(), as the page shows it", median_ms(read), "ms", places=2),
            told("package() with manifest and proof", median_ms(packaged), "ms", places=2),
            at_most("package() to the floor", median_ms(packaged) / floor, MOST, "×"),
            told(f"floor: {1_000 * len(used):,} rows", median_ms(big_floor), "ms", places=0),
            told("package() of them", median_ms(big_ones), "ms", places=0),
            holds(
                "statements of package()",
                counts[0] == counts[1],
                f"{counts[0]} for {10 * len(used)} rows, {counts[1]} for {1_000 * len(used):,}",
                "doesn't grow with rows",
            ),
        ]
    )


def _floor(subject: UUID, used: list[Any]) -> int:
    """What nobody can do without: the rows, the key, the values in clear."""
    from django.db import connection

    from seqlense.privacy import keystore

    statement = " union all ".join(
        f"select {number}, {COLUMNS} from {model._meta.db_table} where subject_id = %(subject)s"
        for number, model in enumerate(used)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"subject": subject})
        rows = cursor.fetchall()
    key = keystore.keys_for([(subject, "records")])[subject, "records"]
    opened = 0
    for number, row, *sealed in rows:
        for field, value in zip(_sealed(used[number]), sealed[:3], strict=True):
            opened += len(field.unseal(bytes(value), row=row, key=key))
    return opened


def _sealed(model: Any) -> list[Any]:
    return [model._meta.get_field(name) for name in ("name", "address", "note")]


if __name__ == "__main__":
    sys.exit(main())
