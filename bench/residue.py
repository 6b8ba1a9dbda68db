"""Searching disks for what is left of people: megabytes a second, by what lies there.

    python -m bench.residue [--megabytes 120] [--people 1000]

Nothing was promised; it is to be known how long a search takes. Three markers a person.
"""

import argparse
import gzip
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.ground import fill, ground
from bench.report import Result, report, told

FULL = ("--megabytes 120 --people 1000",)
QUICK = ("--megabytes 4 --people 10",)
MEGABYTE = 1_000_000
ROW = 250  # bytes of a row of the table, roughly
FEW = 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=120)
    parser.add_argument("--people", type=int, default=1000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seqlense-bench-") as folder, ground(fast=True) as owner:
        from django.conf import settings

        from bench.tables.models import TABLES

        fill(owner, [TABLES[0]._meta.db_table], chosen.megabytes * MEGABYTE // ROW)
        owner.execute("checkpoint")
        places = dict(_planted(Path(folder), chosen.megabytes * MEGABYTE))
        home = Path(settings.SEQLENSE_EPOCH_KEYS).parent
        places["PostgreSQL: tables, indexes, log"] = home / "data"
        return report([*_measured(places, FEW), *_measured(places, chosen.people)])


def _planted(folder: Path, size: int) -> Iterator[tuple[str, Path]]:
    chance = random.Random(1)
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(5000)]
    lines = [" ".join(chance.choices(words, k=12)) for _ in range(10_000)]
    text = "\n".join(lines * (size // 600_000 + 1)).encode()[:size]
    for name, content in (
        ("sealed values, encrypted backups", os.urandom(size)),
        ("logs, text", text),
        ("gzip of such text, unpacked size", gzip.compress(text, 1)),
    ):
        place = folder / name
        place.write_bytes(content)
        yield name, place


def _measured(places: dict[str, Path], people: int) -> Iterator[Result]:
    from seqlense.privacy import residue
    from seqlense.privacy.residue import Scanner

    began = perf_counter()
    names = [f"Camille Orbrezac-{one:05}" for one in range(people)]
    addresses = [f"camille.orbrezac{one:05}@mail{one % 7}.example" for one in range(people)]
    phones = [f"+33 6 {one:08}" for one in range(people)]
    markers = residue.typed("\n".join((*names, *addresses, *phones)))
    scanner = Scanner(markers)
    whose = f"{people:,} people" if people > 1 else "1 person"
    yield told(f"{whose}: preparing {len(markers):,} markers", perf_counter() - began, "s", places=2)
    for name, place in places.items():
        began = perf_counter()
        found = scanner.scan([place])
        taken = perf_counter() - began
        if found.count or found.unread:
            raise SystemExit(f"{name}: {found.count} found, {len(found.unread)} unread")
        size = gzip.decompress(place.read_bytes()) if "gzip" in name else None
        amount = len(size) if size is not None else found.bytes
        yield told(f"{whose}: {name}", amount / MEGABYTE / taken, "MB/s", places=0)


if __name__ == "__main__":
    sys.exit(main())
