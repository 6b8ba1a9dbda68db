"""Staff write promotions, start and stop them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seqlense.audience.promotions import prose
from seqlense.audience.promotions.errors import (
    ChangedMeanwhile,
    InvalidAudience,
    InvalidDates,
    WrongState,
)
from seqlense.audience.promotions.models import ACTIVITY, Audience, Promotion, State
from seqlense.audience.promotions.slots import Slot
from seqlense.audience.segments import belonging
from seqlense.audience.segments.errors import InvalidRule, TooSmall
from seqlense.audience.segments.models import Segment
from seqlense.audience.segments.rules import EVERYBODY, Rule
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

OPEN = frozenset({State.DRAFT, State.PLANNED, State.RUNNING})
"""States in which a promotion may still be changed."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """All that staff say of a promotion. rule, segment: what its audience asks for, else empty."""

    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    button_fr: str
    button_en: str
    link: str
    slot: str
    begins_at: datetime
    ends_at: datetime
    audience: str = Audience.EVERYONE
    rule: Rule = EVERYBODY
    segment: UUID | None = None


@transaction.atomic
def write(wording: Wording, *, actor: Actor, now: datetime) -> Promotion:
    """A draft, shown to nobody. Raises InvalidText, InvalidLink, InvalidDates, InvalidAudience."""
    row = Promotion(**_checked(wording, now), made_at=now, changed_at=now)
    row.save(force_insert=True)
    acts.record("promotions.written", actor=actor, now=now, promotion=row.pk)
    return row


@transaction.atomic
def change(promotion: UUID, wording: Wording, *, seen: int, actor: Actor, now: datetime) -> Promotion:
    """Change a draft, or one that is planned or running. seen: the revision that the form showed.

    Raises Promotion.DoesNotExist, WrongState, ChangedMeanwhile, and what `write` raises.
    """
    row = Promotion.objects.select_for_update().get(pk=promotion)
    if row.state(now) not in OPEN:
        raise WrongState
    wanted = _checked(wording, now)
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return row
    if row.revision != seen:
        raise ChangedMeanwhile
    addressed = (row.audience, row.segment_id) != (wanted["audience"], wanted["segment_id"])
    for name, value in wanted.items():
        setattr(row, name, value)
    row.revision, row.changed_at = row.revision + 1, now
    row.save()
    acts.record("promotions.changed", actor=actor, now=now, promotion=row.pk, revision=row.revision)
    if row.started_at is not None and addressed:
        _use(row, actor=actor, now=now)
    return row


@transaction.atomic
def start(promotion: UUID, *, seen: int, actor: Actor, now: datetime) -> Promotion:
    """Have a draft shown between its dates. seen: the revision that was looked at.

    Raises Promotion.DoesNotExist, WrongState, ChangedMeanwhile, InvalidDates (it has ended already),
    InvalidAudience (its rule or segment no longer holds).
    """
    row = Promotion.objects.select_for_update().get(pk=promotion)
    if row.state(now) is not State.DRAFT:
        raise WrongState
    if row.revision != seen:
        raise ChangedMeanwhile
    if row.ends_at <= now:
        raise InvalidDates("promotions.dates.past")
    if row.audience == Audience.RULE and row.parsed.broken(ACTIVITY):
        raise InvalidAudience
    row.started_at = now
    row.save(update_fields=["started_at"])
    acts.record("promotions.started", actor=actor, now=now, promotion=row.pk, audience=row.audience)
    _use(row, actor=actor, now=now)
    return row


@transaction.atomic
def stop(promotion: UUID, *, actor: Actor, now: datetime) -> Promotion:
    """Show it to nobody from now on, for good. Raises Promotion.DoesNotExist, WrongState."""
    row = Promotion.objects.select_for_update().get(pk=promotion)
    if row.state(now) not in (State.PLANNED, State.RUNNING):
        raise WrongState
    row.stopped_at = now
    row.save(update_fields=["stopped_at"])
    acts.record("promotions.stopped", actor=actor, now=now, promotion=row.pk)
    return row


@transaction.atomic
def delete(promotion: UUID, *, actor: Actor, now: datetime) -> None:
    """Remove a draft. Raises Promotion.DoesNotExist, WrongState."""
    row = Promotion.objects.select_for_update().get(pk=promotion)
    if row.state(now) is not State.DRAFT:
        raise WrongState
    acts.record("promotions.deleted", actor=actor, now=now, promotion=row.pk)
    row.delete()


def _use(row: Promotion, *, actor: Actor, now: datetime) -> None:
    """Put on record that a segment is used, and for what."""
    if row.audience != Audience.SEGMENT or row.segment_id is None:
        return
    try:
        belonging.members(row.segment_id, use="promotions", about=row.pk, actor=actor, now=now)
    except TooSmall:
        raise InvalidAudience("promotions.audience.segment") from None


def _checked(wording: Wording, now: datetime) -> dict[str, object]:
    """The columns that a wording stands for."""
    found = asdict(wording) | {"link": prose.link_of(wording.link)}
    for name in ("title_fr", "title_en", "button_fr", "button_en"):
        found[name] = prose.line_of(name, getattr(wording, name))
    for name in ("text_fr", "text_en"):
        found[name] = prose.text_of(name, getattr(wording, name))
    if wording.slot not in Slot.values or wording.audience not in Audience.values:
        raise InvalidAudience("promotions.audience.slot")
    if wording.ends_at <= wording.begins_at:
        raise InvalidDates
    del found["segment"]
    return found | {"rule": _rule(wording), "segment_id": _segment(wording)}


def _rule(wording: Wording) -> list[dict[str, list[str]]]:
    if wording.audience != Audience.RULE:
        return []
    try:
        return Rule.parse(wording.rule.data or [{}], ACTIVITY).data
    except InvalidRule:
        raise InvalidAudience from None


def _segment(wording: Wording) -> UUID | None:
    if wording.audience != Audience.SEGMENT:
        return None
    found = Segment.objects.filter(pk=wording.segment).first() if wording.segment else None
    if found is None or not found.formed:
        raise InvalidAudience("promotions.audience.segment")
    return found.pk
