"""What is wrong with keys and drills, told to whoever looks after the installation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from seqlense.privacy.alarms import Alarm
from seqlense.privacy.drills.models import Drill
from seqlense.privacy.drills.rotating import stand
from seqlense.privacy.keystore import epochkeys, rewrapping, rotation, vault
from seqlense.privacy.keystore.errors import KeystoreError


def alarms(now: datetime) -> Iterator[Alarm]:
    """keys.late, .interrupted, .clock-moved-back, .drill-failed, and .CODE of whichever KeystoreError."""
    if not vault.available():
        return
    last = Drill.objects.first()
    if last is not None and not last.passed:
        yield Alarm("keys.drill-failed", last.at, str(last.pk))
    try:
        yield from _of_the_epoch(now)
    except KeystoreError as fault:
        yield Alarm(f"keys.{fault.code}", None)


def _of_the_epoch(now: datetime) -> Iterator[Alarm]:
    status = rotation.status(now=now)
    needed = [status.epoch]
    if status.retiring is not None and rewrapping.left(status.epoch):
        needed.append(status.retiring)
    for epoch in needed:
        epochkeys.read(epochkeys.path_of(epoch))  # from where it lies, whatever this process remembers
    stand()
    if status.begun_at > now:
        yield Alarm("keys.clock-moved-back", status.begun_at, str(status.epoch))
    if status.retiring is not None and not rotation.running():
        yield Alarm("keys.interrupted", status.begun_at, str(status.retiring))
    elif status.late:
        yield Alarm("keys.late", status.due_at, str(status.epoch))
