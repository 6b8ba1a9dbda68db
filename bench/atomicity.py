"""A fault at every step of an erasure: wholly done or wholly not, and known within a second.

    python -m bench.atomicity

Steps are the statements to both databases, commits included. Two kinds of fault: the statement fails, and the
server cuts the connection before it. After each, another connection looks at the person's rows, proof and
keys.
"""

import argparse
import sys
from collections import Counter
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from django.db import OperationalError

from bench.ground import fill, ground, person
from bench.report import at_most, holds, report, told
from seqlense.kit.clock import now

FULL = ("",)
QUICK = ("--tables 2",)
SOONEST = 1.0
MOST_STEPS = 200

type Owner = psycopg.Connection[tuple[Any, ...]]


class Fault(OperationalError):
    """What is injected: it looks like a database that fails."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=10)
    tables = parser.parse_args().tables
    with ground() as owner:
        from bench.tables.models import TABLES

        used = TABLES[:tables]
        fill(owner, [model._meta.db_table for model in used], 1_000)
        return _measure(owner, used)


def _measure(owner: Owner, used: list[Any]) -> int:
    from django.db import connections

    whole, faults, slowest = Counter[str](), Counter[str](), 0.0
    for kind in ("refused", "cut off"):
        for alias in ("default", "keys"):
            if kind == "cut off" and alias == "keys":
                continue  # a file has no connection to cut
            for step in range(1, MOST_STEPS):
                subject = person(2 * len(used), used)
                took, met = _erase_with_fault(subject, alias, step, kind, owner)
                connections["default"].close()
                if not met:
                    break
                began = perf_counter()
                state = _state(owner, subject, used)
                slowest = max(slowest, took + perf_counter() - began)
                faults[kind] += 1
                whole[state] += 1
    torn = whole.pop("torn", 0)
    return report(
        [
            told("steps at which a statement was refused", str(faults["refused"])),
            told("steps at which the connection was cut", str(faults["cut off"])),
            holds(
                "found wholly undone or wholly done",
                not torn,
                f"{whole['undone']} and {whole['done']}",
                "all",
            ),
            holds("found torn", not torn, str(torn), "0"),
            at_most("longest from the request until the state was known", slowest, SOONEST, "s", places=3),
        ]
    )


def _erase_with_fault(subject: UUID, alias: str, step: int, kind: str, owner: Owner) -> tuple[float, bool]:
    """Seconds until the caller knew, and whether there was such a step."""
    from django.db import DatabaseError, InterfaceError, connections

    from seqlense.privacy import erasure
    from seqlense.privacy.actor import Actor

    database, seen, met = connections[alias], [0], [False]

    def counted(execute: Any, sql: str, *rest: Any) -> Any:
        seen[0] += 1
        if seen[0] == step:
            met[0] = True
            if kind == "refused":
                raise Fault
            owner.execute(
                "select pg_terminate_backend(%s)", [connections["default"].connection.info.backend_pid]
            )
        return execute(sql, *rest)

    commit = database._commit  # type: ignore[attr-defined]

    def committing() -> Any:
        return counted(lambda *_: commit(), "COMMIT")

    database._commit = committing  # type: ignore[attr-defined]
    began = perf_counter()
    try:
        with database.execute_wrapper(counted):
            erasure.erase(subject, actor=Actor.person(subject), now=now())
    except (DatabaseError, InterfaceError):
        pass
    finally:
        del database._commit  # type: ignore[attr-defined]
    return perf_counter() - began, met[0]


def _state(owner: Owner, subject: UUID, used: list[Any]) -> str:
    """What another connection finds: "undone", "done" (a drain ends what follows the commit), or "torn"."""
    from seqlense.privacy import destruction, keystore

    rows = sum(_count(owner, f"{model._meta.db_table} where subject_id = %s", subject) for model in used)
    erased = _count(owner, "privacy_subject where id = %s and erased_at is not null", subject)
    proofs = _count(owner, "privacy_act where subject = %s and kind = 'privacy.erased'", subject)
    answers = _count(
        owner, "privacy_rightsrequest where subject_id = %s and answered_at is not null", subject
    )
    if (erased, proofs, answers) == (1, 1, 1) and rows == 0:
        destruction.drain()
        return "torn" if keystore.keys_for([(subject, "records")]) else "done"
    undone = (erased, proofs, answers) == (0, 0, 0) and rows == 2 * len(used)
    return "undone" if undone and keystore.keys_for([(subject, "records")]) else "torn"


def _count(owner: Owner, what: str, subject: UUID) -> int:
    found = owner.execute(f"select count(*) from {what}", [subject]).fetchone()
    return int(found[0]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
