"""The transparency log: what a proof row costs more for its leaf, how long it waits for its seal, its proof.

    python -m bench.log [--entries 20000] [--runs 400] [--seconds 8]

The promises: at most 0.2 ms added to a request; sealed within a second of its commit while acts keep coming;
a proof built within 5 ms.
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.ground import ground, median_ms, timed
from bench.report import Result, at_most, quick, report, told

FULL = ("--entries 200000",)
QUICK = ("--entries 600 --runs 5 --seconds 1",)
MOST_ADDED, MOST_BUILDING, MOST_LAG = 0.2, 5.0, 1_000.0
A_SECOND = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000, help="of the log that proofs are built from")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=8, help="for which acts keep coming")
    chosen = parser.parse_args()
    with ground() as owner, tempfile.TemporaryDirectory(prefix="seqlense-bench-log-") as folder:
        from django.conf import settings

        settings.SEQLENSE_LOG = Path(folder) / "log"
        settings.SEQLENSE_LOG_KEY = Path(folder) / "key" / "log.key"
        settings.SEQLENSE_LOG_ORIGIN = "log.example/log"
        return report(
            [
                *_added(owner, chosen.runs),
                *_sealing(owner, chosen.entries),
                *_proofs(chosen.entries, chosen.runs),
                *_lag(chosen.seconds),
            ]
        )


def _added(owner: Any, runs: int) -> list[Result]:
    """By turns: a proof row as it is written, and the same row into a table without the trigger.

    As in a request: the person's name was read already, in both.
    """
    from seqlense.kit.clock import now
    from seqlense.privacy import keystore, subjects

    owner.execute("create table plain_act (like privacy_act including all)")
    people = [subjects.create(now=now()) for _ in range(max(2, runs // 10))]
    first = [timed(lambda one=one: _record(one)) for one in people]  # type: ignore[misc]
    keystore.mint([(one, "records") for one in people])
    plain, ours, alone = [], [], []
    for turn in range(runs):
        one = people[turn % len(people)]
        with keystore.session():
            keystore.keys_for([(one, "records")])
            plain.append(timed(lambda one=one: _plain(one)))  # type: ignore[misc]
        with keystore.session():
            keystore.keys_for([(one, "records")])
            ours.append(timed(lambda one=one: _record(one)))  # type: ignore[misc]
        with keystore.session():
            alone.append(timed(lambda one=one: _record(one)))  # type: ignore[misc]
    floor = median_ms(plain)
    return [
        told("a proof row without leaf, committed", floor, "ms", places=2),
        told("a proof row with its leaf and sealed opening, committed", median_ms(ours), "ms", places=2),
        at_most("added to a request", median_ms(ours) - floor, MOST_ADDED, "ms", places=3),
        told("where nothing of that person was read before", median_ms(alone) - floor, "ms", places=3),
        told("somebody's first act, which makes their key, committed", median_ms(first), "ms", places=2),
    ]


def _record(subject: UUID) -> None:
    from django.db import transaction

    from seqlense.kit.clock import now
    from seqlense.privacy import acts
    from seqlense.privacy.actor import Actor

    with transaction.atomic():
        acts.record("bench.done", actor=Actor.person(subject), now=now(), subject=subject, rows=3)


def _plain(subject: UUID) -> None:
    from django.db import transaction

    from seqlense.kit.clock import now
    from seqlense.privacy import running
    from seqlense.privacy.models import Act

    with transaction.atomic():
        row = Act(
            at=now(),
            kind="bench.done",
            actor_kind="person",
            actor_subject=subject,
            subject=subject,
            register_version=running.enlist(now()),
            detail={"rows": 3},
        )
        table, Act._meta.db_table = Act._meta.db_table, "plain_act"
        try:
            row.save(force_insert=True)
        finally:
            Act._meta.db_table = table


def _sealing(owner: Any, entries: int) -> list[Result]:
    """Acts by the thousand, sealed in one go, and the whole log looked through."""
    from seqlense.kit.clock import now
    from seqlense.privacy import log
    from seqlense.privacy.log import checking

    owner.execute(
        "insert into privacy_act (id, at, kind, actor_kind, actor_part, register_version, detail) "
        "select gen_random_uuid(), now(), 'bench.filled', 'system', 'bench', '', '{}' "
        f"from generate_series(1, {entries})"
    )
    owner.execute("vacuum (analyze) privacy_act, privacy_leaf")
    waited = log.state(now=now()).unsealed
    took = timed(lambda: log.seal(now=now()))
    checked = timed(checking.check)
    return [
        told("sealed in one go", waited / took, "entries a second", places=0),
        told("the whole log checked", waited / checked, "entries a second", places=0),
    ]


def _proofs(entries: int, runs: int) -> list[Result]:
    from seqlense.privacy import log
    from seqlense.privacy.log import merkle, note, place
    from seqlense.privacy.models import Act

    acts = list(Act.objects.values_list("pk", flat=True)[: min(entries, 20_000)])
    chosen = random.Random(7).choices(acts, k=runs)
    cold = []
    for one in chosen[: max(5, runs // 10)]:
        place.files().forget()
        cold.append(timed(lambda one=one: log.proof_of(one)))  # type: ignore[misc]
    warm = [timed(lambda one=one: log.proof_of(one)) for one in chosen]  # type: ignore[misc]
    proof, key = log.proof_of(chosen[0]), place.verifier()

    def verify() -> None:
        head = note.opened(proof.checkpoint, key)
        merkle.verify_inclusion(proof.index, head.size, merkle.leaf_hash(proof.digest), proof.path, head.root)

    verifying = [timed(verify) for _ in range(runs)]
    size = log.head().size
    return [
        at_most(f"a proof built, log of {size:,}", median_ms(warm), MOST_BUILDING, "ms", places=2),
        at_most("the same, no tile in memory", median_ms(cold), MOST_BUILDING, "ms", places=2),
        told("a proof verified, signature and path", median_ms(verifying), "ms", places=2),
    ]


def _lag(seconds: float) -> list[Result]:
    """From the commit of an act until the published checkpoint covers it."""
    from django.db import connections

    from seqlense.kit.clock import now
    from seqlense.privacy import acts, log
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.log.leaves import Leaf
    from seqlense.project import sealer

    log.seal(now=now())
    seen: list[tuple[float, int]] = []
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=[seen, ended])
    watcher.start()
    committed: dict[UUID, float] = {}
    with sealer.sealing():
        limit = time.perf_counter() + seconds
        while time.perf_counter() < limit:
            act = acts.record("bench.coming", actor=Actor.system("bench"), now=now()).pk
            committed[act] = time.perf_counter()
            time.sleep(1 / A_SECOND)
        time.sleep(1.5)
    ended.set()
    watcher.join()
    leaves = Leaf.objects.filter(act__in=committed).values_list("act", "index")
    places = {act: index for act, index in leaves if index is not None}
    lags = sorted(
        next((moment for moment, size in seen if size > places[act]), float("inf")) - begun
        for act, begun in committed.items()
    )
    connections.close_all()
    most = lags[-1] * 1000
    return [
        told(
            f"seal lag, {len(lags)} acts at {A_SECOND} a second, median", 1000 * statistics.median(lags), "ms"
        ),
        at_most("the longest", most, MOST_LAG if not quick() else float("inf"), "ms"),
    ]


def _watch(seen: list[tuple[float, int]], ended: threading.Event) -> None:
    """When the published checkpoint had which size."""
    from seqlense.privacy.log import place
    from seqlense.privacy.log.note import Checkpoint, Note

    while not ended.wait(0.005):
        note = place.files().checkpoint()
        size = Checkpoint.parse(Note.parse(note).text).size if note else 0
        if not seen or size > seen[-1][1]:
            seen.append((time.perf_counter(), size))


if __name__ == "__main__":
    sys.exit(main())
