"""A sample of the erased: no key of theirs is left that nothing needs, and nobody invented comes back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import destruction, keystore, reach, unused_sql
from seqlense.privacy.drills.models import Drill
from seqlense.privacy.errors import SealBroken
from seqlense.privacy.keystore import datakeys, epochkeys, vault
from seqlense.privacy.keystore.errors import EpochKeyDamaged, EpochKeyMissing
from seqlense.privacy.records import Act, KeyDestruction

if TYPE_CHECKING:
    from datetime import datetime

    from seqlense.privacy.keystore.inhand import Pair

ERASED = "privacy.erased"
LATEST, SAMPLE = 5_000, 100
"""Of so many latest erasures, so many are looked up; all of them are when one had left a key."""
FORMER = 8
"""So many earlier drills' invented people are tried."""
ACTIVITY = "drill"
_PLACE = b"seqlense drill\x00"
_AT_ONCE = 1_000


def people() -> tuple[int, int]:
    """Erased people looked up, and how many of these had a key under which nothing is kept."""
    destruction.drain()
    erased = _latest()
    sample = secrets.SystemRandom().sample(erased, min(SAMPLE, len(erased)))
    left = {subject for subject, _ in _left(sample)}
    if left:  # of whom some may have been erased since: their keys go right after, and we look again
        destruction.drain()
        left = {subject for subject, _ in _left(left)}
    return len(sample), len(left)


def destroy_again(*, now: datetime) -> int:
    """Destroy what keys the latest erased people have for nothing; of how many.

    For when they came back with an older copy of the keystore.
    """
    found: set[UUID] = set()
    for some in batched(_latest(), _AT_ONCE, strict=False):
        left = _left(some)
        if left:
            subjects, activities = {one for one, _ in left}, {name for _, name in left}
            found |= subjects
            KeyDestruction.objects.create(
                created_at=now, subjects=sorted(subjects), activities=sorted(activities)
            )
            keystore.destroy(pair for pair in left if unused_sql.unused(pair[1]) is None)
    destruction.drain()
    return len(found)


def _latest() -> list[UUID]:
    erasures = Act.objects.filter(kind=ERASED).exclude(subject=None).order_by("-at")
    return list(dict.fromkeys(filter(None, erasures.values_list("subject", flat=True)[:LATEST])))


def _left(subjects: Collection[UUID]) -> list[Pair]:
    """Keys of these people that open nothing which is still kept."""
    by_activity: dict[str, list[UUID]] = {}
    for subject, activity in datakeys.of_people(subjects):
        by_activity.setdefault(activity, []).append(subject)
    return [(one, name) for name, some in by_activity.items() for one in _unused(name, some)]


def _unused(activity: str, subjects: list[UUID]) -> list[UUID]:
    statement = unused_sql.unused(activity)
    if statement is None:
        return subjects
    with reach.maintenance(), connection.cursor() as cursor:
        cursor.execute(statement, {"subjects": ",".join(map(str, subjects))})
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Probe:
    """What a thief of old copies would have of an invented person: a sealed value and its wrapped key."""

    subject: UUID
    epoch: int
    key: bytes
    value: bytes


def invented() -> Probe:
    """Somebody who never was comes, leaves a sealed value, and is erased."""
    pair = (uuid7(), ACTIVITY)
    value = keystore.mint([pair])[pair].seal(pair[0].bytes, _PLACE)
    epoch, wrapped = datakeys.as_stored(pair)
    keystore.destroy([pair])
    return Probe(pair[0], epoch, wrapped, value)


def former(*, retiring: int | None) -> tuple[int, int]:
    """Invented people of earlier drills tried, and how many of them some key still opens.

    retiring: the epoch that isn't over yet, although another has begun.
    """
    probes = list(Drill.objects.exclude(probe=None)[:FORMER])
    return len(probes), sum(_comes_back(one, retiring) for one in probes)


def _comes_back(drill: Drill, retiring: int | None) -> bool:
    assert drill.probe is not None
    pair = (drill.probe, ACTIVITY)
    if keystore.living([pair]):
        return True
    row = vault.read()
    if row is not None and drill.probe_epoch in (row.epoch, retiring):
        return False  # copies of an epoch that isn't over yet may still be read: that is why it ends
    for epoch in epochkeys.epochs():
        try:
            vault.epoch_key(epoch).unwrap(bytes(drill.probe_key), datakeys.place_of(*pair))
        except (SealBroken, EpochKeyDamaged, EpochKeyMissing):  # overwritten, by a rotation that was cut off
            continue
        return True
    return False
