"""Backing up and restoring against pg_dump and pg_restore alone, on the same data.

    python -m bench.backups [--rows 100000] [--rounds 3]

Ours adds an exported snapshot, digests, a signed manifest, flushing, and verification before a restore. The
promises: at least 0.8 times the speed of the bare programs, the same compression given. Rows hold random
bytes, as sealed values are. Rounds alternate; of each the calmest counts.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

from bench.ground import ground
from bench.report import at_least, report, told
from seqlense.kit.clock import now

FULL = ("--rows 100000",)
QUICK = ("--rows 500 --rounds 1",)
TABLES = 5
LEAST = 0.8
MIB = 1024**2
TARGET = "restored"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help=f"in each of {TABLES} tables")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with ground() as owner, tempfile.TemporaryDirectory(prefix="seqlense-bench-") as folder:
        place = Path(folder)
        _settings(place)
        size = _fill(owner, chosen.rows) / MIB
        taken = [_round(owner, place, number) for number in range(chosen.rounds)]
        dump, default, backup, load, restore, kept = (min(times) for times in zip(*taken, strict=True))
        return report(
            [
                told("data and indexes", size, "MiB", places=0),
                told("pg_dump, compressed by gzip as usual", size / default, "MiB/s", places=0),
                told("pg_dump, compressed as ours", size / dump, "MiB/s", places=0),
                told("backup create --chain data", size / backup, "MiB/s", places=0),
                at_least("backup to pg_dump, same compression", dump / backup, LEAST, "×", places=2),
                told("pg_restore alone", size / load, "MiB/s", places=0),
                told("backup restore, verified first", size / restore, "MiB/s", places=0),
                at_least("restore to pg_restore", load / restore, LEAST, "×", places=2),
                told("verify: reading and digesting", kept, "s", places=2),
            ]
        )


def _settings(place: Path) -> None:
    from django.conf import settings

    settings.SEQLENSE_BACKUPS = place / "backups"
    settings.SEQLENSE_LOG = place / "log"
    settings.SEQLENSE_LOG_KEY = place / "log.key"


def _fill(owner: psycopg.Connection[tuple[Any, ...]], rows: int) -> int:
    """Bytes of the tables, their indexes included."""
    from bench.tables.models import TABLES as MODELS

    owner.execute(
        "create temporary table strangers as select gen_random_uuid() as id, n from generate_series(0, %s) n",
        [max(1, rows // 10)],
    )
    owner.execute("insert into privacy_subject (id, created_at) select id, now() from strangers")
    owner.execute("create unique index on strangers (n)")
    noise = " || ".join(["uuid_send(gen_random_uuid())"] * 4)
    names = [model._meta.db_table for model in MODELS[:TABLES]]
    for table in names:
        owner.execute(
            f"insert into {table} (id, subject_id, name, address, note, amount, at) "
            f"select gen_random_uuid(), s.id, {noise}, {noise}, {noise}, g.n % 1000, now() "
            f"from generate_series(1, {rows}) g(n) join strangers s on s.n = g.n / 10"
        )
        owner.execute(f"vacuum (analyze) {table}")
    found = owner.execute("select sum(pg_total_relation_size(t)) from unnest(%s::regclass[]) t", [names])
    row = found.fetchone()
    return int(row[0]) if row else 0


def _round(
    owner: psycopg.Connection[tuple[Any, ...]], place: Path, number: int
) -> tuple[float, float, float, float, float, float]:
    from seqlense.privacy import backups
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.backups import data, programs
    from seqlense.privacy.backups.programs import Server
    from seqlense.privacy.restoring import restore

    server = Server.of("default")
    alone = place / f"alone-{number}.dump"
    dumping = [*data.dumping(server, major=18), "--role=seqlense_maintenance"]
    usual = [one for one in dumping if not str(one).startswith("--compress")]
    dump = _timed(lambda: _run([*dumping, f"--file={alone}"]))
    default = _timed(lambda: _run([*usual, f"--file={place / 'usual.dump'}"]))
    made: list[str] = []

    def backup() -> None:
        done = backups.create(["data"], actor=Actor.system("bench"), now=now())
        made.append(done.backups[0].name)

    ours = _timed(backup)
    target = Server({**server.parameters, "dbname": TARGET})
    program = programs.find("pg_restore", server=18)
    _empty(owner)
    load = _timed(lambda: _run([program, "--no-owner", f"--dbname={target.conninfo}", alone]))
    _empty(owner)
    back = _timed(lambda: restore.restore(made[0], now=now(), into=target))
    verified = _timed(lambda: backups.verify(made[0]))
    return dump, default, ours, load, back, verified


def _empty(owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    owner.execute(f"drop database if exists {TARGET}")
    owner.execute(f"create database {TARGET}")
    owner.execute("checkpoint")


def _run(command: list[Any]) -> None:
    subprocess.run(command, check=True)


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
