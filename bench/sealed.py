"""Sealed columns against plain ones: reading a page of rows, writing one.

    python -m bench.sealed [--rounds 200]

Nothing was promised; the ratios are to be known. Rounds alternate between the two.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from bench.ground import ROOMS, ground, median_ms, timed
from bench.report import report, told

FULL = ("--rounds 300",)
QUICK = ("--rounds 3",)
PAGE = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    ROOMS.append("bench.cards")
    with ground():
        return _measure(rounds)


def _measure(rounds: int) -> int:
    from bench.cards.models import Plain, Sealed

    _make((Sealed, Plain))
    read = _beside(rounds, lambda: _read(Sealed), lambda: _read(Plain))
    few = _beside(rounds, lambda: _read_one(Sealed), lambda: _read_one(Plain))
    write = _beside(rounds, lambda: _write(Sealed), lambda: _write(Plain))
    results = []
    for what, (sealed, plain) in (
        (f"read {PAGE} rows of {PAGE} people, 6 columns each", read),
        ("read 1 row, 6 columns", few),
        ("get a row and save it", write),
    ):
        results += [
            told(f"{what}: plain", plain, "ms", places=2),
            told(f"{what}: sealed", sealed, "ms", places=2),
            told(f"{what}: sealed to plain", sealed / plain, "×", places=2),
        ]
    return report(results)


def _beside(rounds: int, one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """Medians of both, in milliseconds, taken by turns."""
    ones, others = [], []
    for work in (one, other) * 3:
        work()
    for _ in range(rounds):
        ones.append(timed(one))
        others.append(timed(other))
    return median_ms(ones), median_ms(others)


def _make(models: tuple[Any, ...]) -> None:
    from django.db import connection

    from bench.cards.models import FIELDS
    from seqlense.kit.clock import now
    from seqlense.privacy import subjects
    from seqlense.project import database

    with database.as_owner(), connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    people = [subjects.create(now=now()) for _ in range(PAGE)]
    text = "12 rue des Trois Évêchés, 57000 Metz"
    for model in models:
        model.objects.bulk_create(
            model(subject_id=one, **{field: f"{field} {text}" for field in FIELDS}) for one in people
        )


def _read(model: Any) -> None:
    from bench.cards.models import FIELDS

    for row in model.objects.all()[:PAGE]:
        for field in FIELDS:
            getattr(row, field)


def _read_one(model: Any) -> None:
    from bench.cards.models import FIELDS

    row = model.objects.all()[0]
    for field in FIELDS:
        getattr(row, field)


def _write(model: Any) -> None:
    row = model.objects.all()[0]
    row.note = f"{row.note[:60]} again"
    row.save()


if __name__ == "__main__":
    sys.exit(main())
