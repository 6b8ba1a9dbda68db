"""What a rotation asks and tells: a drill before the old epoch's key goes, a proof row after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.drills.running import again, run
from seqlense.privacy.keystore import signals, vault
from seqlense.privacy.keystore.errors import DrillFailed, KeystoreOlder
from seqlense.privacy.records import Act

ROTATED = "privacy.keys_rotated"
ROTATION = Actor.system("rotation")


def connect() -> None:
    """Have every rotation of this process drilled and noted."""
    signals.retiring.connect(_before_the_old_key_goes, dispatch_uid="seqlense.drills")
    signals.rotated.connect(_note, dispatch_uid="seqlense.drills")


def noted_epoch() -> int:
    """The latest epoch that the data knows of; 0 before the first rotation."""
    last = Act.objects.filter(kind=ROTATED).first()
    return int(last.detail.get("epoch", 0)) if last else 0


def stand() -> None:
    """Raises KeystoreOlder where the data knows of a later epoch: an old keystore was put back."""
    row = vault.read() if vault.available() else None
    if row is not None and (noted := noted_epoch()) > row.epoch:
        raise KeystoreOlder(
            f"The keystore is of epoch {row.epoch}, and this data knows of epoch {noted}: it is an older "
            "copy with keys of people erased since. Put the current keystore back, and its epoch key."
        )


def _before_the_old_key_goes(now: datetime, former: int, **_: Any) -> None:
    stand()
    drill = run(now=now, actor=ROTATION)
    if drill.passed:
        return
    healed = again(now=now) if drill.readable else 0
    raise DrillFailed(
        f"The drill before the end of epoch {former} failed. Of {drill.living} rows of living people "
        f"{drill.unreadable} don't open; of {drill.keys} keys {drill.broken} are broken; of {drill.erased} "
        f"erased people {drill.readable} can be read ({healed} now no more). The old epoch key stays: "
        "nothing is lost. See Rotation in docs/operator.md, then run: seqlense keys rotate"
    )


def _note(epoch: int, keys: int, now: datetime, **_: Any) -> None:
    """Once for each epoch, whatever died in between."""
    with transaction.atomic():
        if not Act.objects.filter(kind=ROTATED, detail__epoch=epoch).exists():
            acts.record(ROTATED, actor=ROTATION, now=now, epoch=epoch, keys=keys)
