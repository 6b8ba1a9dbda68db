"""Proof for people and outsiders: who else saw our log when, and files that anybody can verify without us."""

from collections.abc import Iterator
from datetime import datetime

from seqlense.privacy.alarms import Alarm
from seqlense.privacy.proofs import stamping
from seqlense.privacy.proofs.building import file_of, file_of_acts, whose
from seqlense.privacy.proofs.outsiders import script
from seqlense.privacy.proofs.proof_file import ProofFile
from seqlense.privacy.proofs.stamping import Watched, cosign, stamp, watched

__all__ = [
    "ProofFile",
    "Watched",
    "alarms",
    "cosign",
    "file_of",
    "file_of_acts",
    "script",
    "stamp",
    "watched",
    "whose",
]


def alarms(now: datetime) -> Iterator[Alarm]:
    """A day's checkpoint without a timestamp for more than a day; a witness that is away as long."""
    day = stamping.late(now=now)
    if day is not None:
        yield Alarm("timestamps.late", day.since, f"{day.on}")
    for name, since in stamping.unseen(now=now):
        yield Alarm("witnesses.away", since, name)
