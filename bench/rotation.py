"""How long the keys of a million people take to be wrapped anew, and how long that keeps a writer waiting.

    python -m bench.rotation [--keys 1000000] [--postgresql]

Also: destroying half of them, as a large sweep does. The promises: 1 M keys in at most 10 s, no writer
blocked for longer than 50 ms (or than it is without a rotation, on a busy disk).
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import batched
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from uuid import UUID

import django
from django.conf import settings

from bench.report import at_most, report, told
from seqlense.kit.clock import now
from seqlense.kit.identifiers import uuid7

FULL = ("--keys 1000000", "--keys 1000000 --postgresql")
QUICK = ("--keys 400",)
ACTIVITIES = ("accounts", "crm")
LONGEST_BLOCK = 0.050
LONGEST_ROTATION_OF_A_MILLION = 10.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--postgresql", action="store_true", help="keep the keys in the embedded PostgreSQL")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seqlense-bench-") as folder, ExitStack() as running:
        home = Path(folder)
        keys = (
            running.enter_context(_postgresql(home)) if chosen.postgresql else _sqlite(home / "keys.sqlite3")
        )
        _start(home, keys)
        return _measure(chosen.keys, home, keys)


def _measure(count: int, home: Path, database: dict[str, Any]) -> int:
    from seqlense.privacy import keystore

    subjects = [uuid7() for _ in range(count // len(ACTIVITIES))]
    filled = _timed(lambda: _fill(subjects))
    from seqlense.privacy.keystore import rewrapping

    held: list[float] = []
    write = rewrapping._write

    def watched_write(old: int, new: int, rewrapped: list[Any]) -> float:
        held.append(write(old, new, rewrapped))
        return held[-1]

    rewrapping._write = watched_write
    usual = _longest_wait(home, database, lambda: sleep(3))[1]
    _calm()
    quiet = _timed(lambda: keystore.rotate(now=now()))
    _calm()
    watched = _longest_wait(home, database, lambda: keystore.rotate(now=now()))
    gone = subjects[: len(subjects) // 2]
    destroyed = _timed(lambda: keystore.destroy((one, activity) for one in gone for activity in ACTIVITIES))
    state = keystore.status(now=now())
    allowed = LONGEST_ROTATION_OF_A_MILLION * max(count, 100_000) / 1_000_000
    kind = database["ENGINE"].rpartition(".")[2]
    return report(
        [
            told(f"{kind}: make {count:,} keys", filled, "s", places=2),
            at_most(f"{kind}: rotate {count:,} keys", quiet, allowed, "s", places=2),
            told(f"{kind}: its longest transaction", max(held) * 1000, "ms", places=0),
            told(f"{kind}: rotate while one writes all the time", watched[0], "s", places=2),
            told(f"{kind}: that writer's longest wait without a rotation", usual * 1000, "ms", places=0),
            at_most(
                f"{kind}: its longest wait during the rotation",
                watched[1] * 1000,
                max(LONGEST_BLOCK, usual) * 1000,
                "ms",
                places=0,
            ),
            told(
                f"{kind}: destroy {len(gone) * len(ACTIVITIES):,} keys, {state.keys:,} left",
                destroyed,
                "s",
                places=2,
            ),
        ]
    )


def _calm() -> None:
    """What was written before is on the disk, as between two rotations a week apart; else PostgreSQL begins a
    checkpoint for it in the middle of what is measured."""
    from django.db import connections

    if connections["keys"].vendor == "postgresql":
        with connections["keys"].cursor() as cursor:
            cursor.execute("CHECKPOINT")


def _fill(subjects: list[UUID]) -> None:
    from seqlense.privacy import keystore

    for some in batched(subjects, 10_000, strict=False):
        keystore.mint([(one, activity) for one in some for activity in ACTIVITIES])


def _longest_wait(home: Path, database: dict[str, Any], work: Any) -> tuple[float, float]:
    """Seconds the work took, and the longest that another process waited to make a key meanwhile."""
    context = multiprocessing.get_context("spawn")
    stop, waited = context.Event(), context.Value("d", 0.0)
    writer = context.Process(target=_write_on, args=(home, database, stop, waited))
    writer.start()
    while not waited.value:
        if not writer.is_alive():
            raise SystemExit("The process that writes meanwhile doesn't start.")
        sleep(0.01)
    sleep(0.2)
    waited.value = 0.0
    took = _timed(work)
    longest = float(waited.value)
    stop.set()
    writer.join()
    return took, longest


def _write_on(home: Path, database: dict[str, Any], stop: Any, waited: Any) -> None:
    _start(home, database, migrate=False)
    from seqlense.privacy import keystore

    while not stop.is_set():
        waited.value = max(waited.value, _timed(lambda: keystore.mint([(uuid7(), "accounts")])))
        sleep(0.002)


def _timed(work: Any) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _sqlite(path: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


@contextmanager
def _postgresql(home: Path) -> Iterator[dict[str, Any]]:
    from seqlense.project.embedded import SUPERUSER, Cluster

    home.chmod(0o711)
    cluster = Cluster(
        data=home / "pg" / "data", socket=home / "pg" / "run", log=home / "pg" / "log" / "pg.log"
    )
    (home / "pg").mkdir(mode=0o711)
    server = cluster.start()
    try:
        yield {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "USER": SUPERUSER,
            "HOST": str(cluster.socket),
            "OPTIONS": {"server_side_binding": True},
        }
    finally:
        server.stop()


def _start(home: Path, keys: dict[str, Any], *, migrate: bool = True) -> None:
    settings.configure(
        DATABASES={"default": _sqlite(home / "data.sqlite3"), "keys": keys},
        DATABASE_ROUTERS=["seqlense.privacy.routers.KeysRouter"],
        INSTALLED_APPS=["seqlense.privacy.keystore", "seqlense.privacy"],
        SEQLENSE_EPOCH_KEYS=home / "epoch-keys",
        USE_TZ=True,
    )
    django.setup()
    from seqlense.privacy.keystore.signals import retiring, rotated

    for signal in (retiring, rotated):  # there is no data here to drill and to note in
        signal.disconnect(dispatch_uid="seqlense.drills")
    if not migrate:
        return
    from django.core.management import call_command
    from django.db import connection

    from seqlense.privacy.models import Installation

    with connection.schema_editor() as editor:
        editor.create_model(Installation)
    call_command("migrate", "keystore", database="keys", verbosity=0, skip_checks=True)


if __name__ == "__main__":
    sys.exit(main())
