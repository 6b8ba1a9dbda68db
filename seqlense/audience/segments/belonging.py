"""Who belongs to a segment: computed from its rule, kept, and handed to declared uses alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import receiver

from seqlense.accounts.models import Account
from seqlense.audience.segments import uses
from seqlense.audience.segments.errors import TooSmall
from seqlense.audience.segments.models import ACTIVITY, SMALLEST, Belonging, Segment
from seqlense.audience.segments.rules import Rule, Said
from seqlense.privacy import acts, features, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.features.reading import Reading, held, read
from seqlense.privacy.signals import switched
from seqlense.privacy.switches import Switch

BATCH: Final = 5000
EVERYBODY: Final = "all"


def everybody() -> list[UUID]:
    """People with an open account."""
    open_ones = Account.objects.filter(
        verified_at__isnull=False, closed_at=None, removed_at=None, organisation_deleted_at=None
    )
    return list(open_ones.order_by().values_list("subject_id", flat=True))


def reading(keys: Collection[str], *, now: datetime) -> Reading:
    """Features of all who let themselves be grouped."""
    return read(ACTIVITY, keys, everybody(), now=now, everybody=True)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many people meet a rule.

    near: segments that differ from it by fewer than ten people; "all": everybody does.
    """

    people: int
    near: tuple[str, ...]


@transaction.atomic
def measure(rule: Rule, *, actor: Actor, now: datetime, of: UUID | None = None) -> Size:
    """How many people meet a rule; that somebody looked is put on record, and nothing else.

    of: the segment that it belongs to already.
    """
    found = reading(rule.features, now=now)
    acts.record("segments.looked_at", actor=actor, now=now, segment=of, rule=rule.data)
    return _size(rule.meeting(found), found, of)


def _size(found: frozenset[UUID], read: Reading, of: UUID | None) -> Size:
    near = [EVERYBODY] if 0 < len(read.people - found) < SMALLEST else []
    for other, people in _others(of).items():
        if 0 < len(found ^ people) < SMALLEST:
            near.append(str(other))
    return Size(people=len(found), near=tuple(near))


def _others(of: UUID | None) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    rows = Belonging.objects.filter(segment__stopped_at=None).exclude(segment=of).order_by()
    for segment, subject in rows.values_list("segment_id", "subject_id"):
        found.setdefault(segment, set()).add(subject)
    return {segment: frozenset(people) for segment, people in found.items()}


@transaction.atomic
def refresh(segment: UUID, *, now: datetime) -> int | None:
    """Have a segment hold those who meet its rule now; nobody, where they are fewer than ten.

    Gives how many; None where the segment is gone or stopped.
    """
    row = Segment.objects.select_for_update().filter(pk=segment, stopped_at=None).first()
    if row is None:
        return None
    rule = row.parsed
    everyone = reading(rule.features, now=now)
    found = frozenset() if row.broken else rule.meeting(everyone)
    size = _size(found, everyone, row.pk)
    _keep(row, found if len(found) >= SMALLEST else frozenset(), now)
    Segment.objects.filter(pk=row.pk).update(people=size.people, near=list(size.near), refreshed_at=now)
    return size.people


def _keep(row: Segment, found: frozenset[UUID], now: datetime) -> None:
    mine = Belonging.objects.filter(segment=row)
    before = frozenset(mine.values_list("subject_id", flat=True))
    mine.filter(subject_id__in=list(before - found)).delete()
    mine.update(checked_at=now)
    new = [
        Belonging(subject_id=one, segment=row, since=now, checked_at=now) for one in sorted(found - before)
    ]
    for start in range(0, len(new), BATCH):
        Belonging.objects.bulk_create(new[start : start + BATCH], ignore_conflicts=True)
    # Whoever objected while this was computed waited for no row of ours: their switch is seen by now.
    barring = features.activities_of(ACTIVITY, row.parsed.features)
    mine.filter(switches.barring(*barring)).delete()


def free() -> QuerySet[Belonging]:
    """Belongings that may be used."""
    return Belonging.objects.filter(segment__stopped_at=None).exclude(switches.barring(ACTIVITY))


def of(person: UUID, *, use: str) -> frozenset[UUID]:
    """The segments that somebody belongs to, for a declared use. Raises NotDeclared.

    One that fell below ten people since the night, because some left, is used no more.
    """
    one = uses.named(use)
    last = Belonging.objects.filter(segment=OuterRef("segment")).order_by("pk")[SMALLEST - 1 : SMALLEST]
    mine = free().filter(Exists(last), subject_id=person).exclude(switches.barring(one.activity))
    return frozenset(mine.values_list("segment_id", flat=True))


def members(segment: UUID, *, use: str, about: UUID, actor: Actor, now: datetime) -> QuerySet[Belonging]:
    """The people of a segment, for a declared use, which is put on record: what it is for, and how many.

    about: the promotion or campaign. Raises NotDeclared, TooSmall.
    """
    one = uses.named(use)
    found = free().filter(segment_id=segment).exclude(switches.barring(one.activity))
    number = found.count()
    if number < SMALLEST:
        raise TooSmall
    acts.record(uses.USED, actor=actor, now=now, segment=segment, use=use, about=about, people=number)
    return found


@dataclass(frozen=True)
class Mine:
    """A segment that somebody is in, and why: its alternatives compared with their own classes."""

    segment: Segment
    since: datetime
    why: list[list[Said]]


def explained(person: UUID, *, now: datetime) -> list[Mine]:
    """The segments that somebody is in, each with the values that put them there."""
    rows = list(free().filter(subject_id=person).select_related("segment").order_by("-since"))
    keys = frozenset(key for row in rows for key in row.segment.parsed.features)
    mine: Mapping[str, frozenset[str]] = held(ACTIVITY, keys, person, now=now) if rows else {}
    return [Mine(row.segment, row.since, row.segment.parsed.said(ACTIVITY, mine)) for row in rows]


@receiver(switched, dispatch_uid="segments.left")
def left(*, subject: UUID, switch: Switch, **_: object) -> None:
    """An objection, a limit: the person leaves the segments it concerns in the same transaction."""
    if switch.until is not None:
        return
    mine = Belonging.objects.filter(subject_id=subject)
    if switch.activity == ACTIVITY:
        mine.delete()
        return
    reading_it = [
        row.pk
        for row in mine.select_related("segment")
        if switch.activity in features.activities_of(ACTIVITY, row.segment.parsed.features)
    ]
    if reading_it:
        mine.filter(pk__in=reading_it).delete()
