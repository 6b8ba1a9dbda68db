"""What backups there are, and what is wrong with them at a glance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seqlense.privacy.alarms import Alarm
from seqlense.privacy.backups import documents, manifest, places, pruning
from seqlense.privacy.backups.errors import BackupError
from seqlense.privacy.backups.manifest import Manifest
from seqlense.privacy.backups.places import Chain, Place
from seqlense.privacy.errors import PrivacyError
from seqlense.privacy.keystore import vault
from seqlense.privacy.models import Subject

LATE: Final = timedelta(days=2)
"""A chain whose latest backup is older than this is alarmed."""


@dataclass(frozen=True)
class Kept:
    """A backup as the folder shows it.

    manifest: what it says of itself, None where that can't be read or wasn't signed here; code: then, why.
    until: when it goes by itself; None for copies of the keystore, which go with the next one.
    """

    place: Place
    manifest: Manifest | None
    code: str
    until: datetime | None

    @property
    def chain(self) -> Chain:
        return self.place.chain

    @property
    def name(self) -> str:
        return self.place.name

    def age(self, now: datetime) -> timedelta:
        """Since it was begun."""
        return now - self.place.at


def everything() -> list[Kept]:
    """All backups, oldest first; their manifests are read, their content isn't."""
    return [_kept(place) for place in places.listed()]


def _kept(place: Place) -> Kept:
    until = None if place.chain == "keystore" else place.at + places.kept_for()
    try:
        return Kept(place, manifest.read(place), "", until)
    except PrivacyError as wrong:
        return Kept(place, None, wrong.code, until)


def late(now: datetime) -> Iterator[tuple[Chain, datetime | None]]:
    """Chains without a backup younger than two days, and when their last one was made."""
    wanted: list[Chain] = ["data", *_others()]
    for chain in wanted:
        sound = [one for one in everything() if one.chain == chain and one.manifest is not None]
        if not any(one.age(now) < LATE for one in sound):
            yield chain, sound[-1].place.at if sound else None


def _others() -> Iterator[Chain]:
    if vault.available():
        yield "keystore"
    if documents.folder() is not None:
        yield "documents"


def alarms(now: datetime) -> Iterator[Alarm]:
    """No backup lately; copies of the keystore that should be gone; backups that aren't what they were."""
    try:
        places.root()
    except BackupError as wrong:
        yield Alarm(f"backups.{wrong.code}", None)
        return
    if Subject.objects.filter(created_at__lt=now - LATE).exists():  # nothing is late in a new installation
        for chain, last in late(now):
            yield Alarm("backups.late", last, chain)
    for place in pruning.outdated_keys():
        yield Alarm("backups.keystore-copy-stays", place.at, place.name)
    for one in everything():
        if one.code:
            yield Alarm(f"backups.{one.code}", one.place.at, one.name)
