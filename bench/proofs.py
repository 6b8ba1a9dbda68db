"""Proof files: made from a large log, verified by us and by the outsider's script; evidence in one bundle.

    python -m bench.proofs [--entries 20000] [--runs 200]

The promise: the file of a request is made within 5 ms.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.ground import ground, median_ms, timed
from bench.report import Result, at_most, report, told

FULL = ("--entries 200000",)
QUICK = ("--entries 600 --runs 5",)
MOST_BUILDING = 5.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000, help="of the log that proofs are made from")
    parser.add_argument("--runs", type=int, default=200)
    chosen = parser.parse_args()
    with ground() as owner, tempfile.TemporaryDirectory(prefix="seqlense-bench-proofs-") as folder:
        from django.conf import settings

        settings.SEQLENSE_LOG = Path(folder) / "log"
        settings.SEQLENSE_LOG_KEY = Path(folder) / "key" / "log.key"
        settings.SEQLENSE_LOG_ORIGIN = "log.example/log"
        requests = _filled(owner, chosen.entries, chosen.runs)
        return report([*_files(requests, Path(folder)), *_evidence(Path(folder))])


def _filled(owner: Any, entries: int, runs: int) -> list[tuple[UUID, UUID]]:
    """Requests of different people within a log of that size, all sealed; pairs of request and person."""
    from seqlense.kit.clock import now
    from seqlense.privacy import log, requests, subjects
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.records import RightsRequest

    found = []
    for half in range(2):
        owner.execute(
            "insert into privacy_act (id, at, kind, actor_kind, actor_part, register_version, detail) "
            "select gen_random_uuid(), now(), 'bench.filled', 'system', 'bench', '', '{}' "
            f"from generate_series(1, {entries // 2})"
        )
        for _ in range(runs // 2 if half == 0 else 0):
            person = subjects.create(now=now())
            actor = Actor.person(person)
            made = requests.receive(person, RightsRequest.Kind.ACCESS, actor=actor, now=now())
            requests.answer(made, [], actor=actor, now=now())
            found.append((made.pk, person))
    owner.execute("vacuum (analyze) privacy_act, privacy_leaf, privacy_rightsrequest")
    log.seal(now=now())
    return found


def _files(requests: list[tuple[UUID, UUID]], folder: Path) -> list[Result]:
    from seqlense.kit.clock import now
    from seqlense.privacy import log, proofs
    from seqlense.privacy.proofs import outsiders, verifying
    from seqlense.privacy.proofs.verifying import Brought

    def make(request: UUID, person: UUID) -> bytes:
        return proofs.file_of(request, subject=person, now=now()).as_bytes()

    made = [make(*one) for one in requests]
    building = [timed(lambda one=one: make(*one)) for one in requests]  # type: ignore[misc]
    checking = [timed(lambda one=one: verifying.file(one, Brought())) for one in made]  # type: ignore[misc]
    file = folder / "one.seqlense-proof.json"
    file.write_bytes(made[0])
    alone = [timed(lambda: _run(outsiders.script(), file)) for _ in range(5)]
    return [
        at_most(
            f"the proof file of a request, log of {log.head().size:,}",
            median_ms(building),
            MOST_BUILDING,
            "ms",
            places=2,
        ),
        told("its size", len(made[0]) / 1024, "KiB"),
        told("verified by us", median_ms(checking), "ms", places=2),
        told("verified by the script, a process of its own", median_ms(alone), "ms", places=0),
    ]


def _evidence(folder: Path) -> list[Result]:
    from datetime import UTC

    from seqlense.kit.clock import now
    from seqlense.privacy import evidence, log
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.proofs import outsiders, verifying
    from seqlense.privacy.proofs.verifying import Brought

    moment, place = now(), folder / "evidence"
    actor = Actor.system("bench")
    making = timed(
        lambda: evidence.create(place, as_of=moment.astimezone(UTC).date(), actor=actor, now=moment)
    )
    head = verifying.anything(place / "log", Brought()).checkpoint
    scanning = timed(lambda: verifying.anything(place / "log", Brought()))
    alone = timed(lambda: _run(outsiders.script(), place / "log"))
    return [
        told(f"a bundle of evidence, {log.head().size:,} entries", making, "s"),
        told("its log scanned by us", head.size / scanning, "entries a second", places=0),
        told("the same by the script", head.size / alone, "entries a second", places=0),
    ]


def _run(script: Path, place: Path) -> None:
    subprocess.run([sys.executable, "-I", str(script), str(place)], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
