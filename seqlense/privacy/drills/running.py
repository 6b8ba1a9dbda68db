"""One drill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.drills import erased, living
from seqlense.privacy.drills.models import Drill
from seqlense.privacy.keystore import inhand, vault

if TYPE_CHECKING:
    from datetime import datetime

SYSTEM = Actor.system("drill")


def run(*, now: datetime, actor: Actor = SYSTEM) -> Drill:
    """Try a sample of the living and of the erased; what was found is kept, and proven by a row.

    A project without a keystore passes: nothing of it is sealed. Raises a KeystoreError where the keystore
    can't be used at all.
    """
    drill = Drill(at=now, epoch=0)
    if vault.available():
        vault.installation()
        _try(drill)
    with transaction.atomic():
        drill.save()
        acts.record(
            "privacy.drill",
            actor=actor,
            now=now,
            drill=drill.pk,
            during_epoch=drill.epoch,
            passed=drill.passed,
            counts=drill.counts(),
        )
    return drill


def again(*, now: datetime) -> int:
    """Destroy once more what keys erased people are found to have; of how many. For a drill that failed."""
    return erased.destroy_again(now=now) if vault.available() else 0


def _try(drill: Drill) -> None:
    row = vault.read()
    assert row is not None
    inhand.forget()
    drill.epoch = row.epoch
    drill.living, drill.unreadable = living.rows()
    drill.keys, drill.broken = living.keys(row.epoch)
    people, readable = erased.people()
    probes, back = erased.former(retiring=row.retiring)
    drill.erased, drill.readable = people + probes, readable + back
    probe = erased.invented()
    drill.probe, drill.probe_epoch = probe.subject, probe.epoch
    drill.probe_key, drill.probe_value = probe.key, probe.value
