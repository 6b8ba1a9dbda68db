"""Which promotion a person is shown, and why.

Each place shows one card, as long as anything runs there: to those who let it be chosen for them the first
whose audience they belong to, to everybody else the same one. So objecting makes a promotion impersonal and
never takes one away (F-6.5).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seqlense.audience.promotions.models import ACTIVITY, Audience, Promotion, Reaction
from seqlense.audience.promotions.reactions import put_away_by, remember, remembered
from seqlense.audience.segments import belonging
from seqlense.audience.segments.models import Segment
from seqlense.audience.segments.rules import Said
from seqlense.privacy import features, switches
from seqlense.privacy.features import reading


@dataclass(frozen=True)
class Card:
    """What a place shows. personal: it was chosen by data about the person."""

    promotion: Promotion
    personal: bool


@dataclass(frozen=True)
class Person:
    """What may be known of somebody for choosing: nothing, where they object.

    objects: they objected to or limited this activity. held: their classes of the features asked for.
    """

    objects: bool
    held: Mapping[str, frozenset[str]]
    segments: frozenset[UUID]

    def is_for(self, promotion: Promotion) -> bool:
        """Whether it is addressed to them by something that is known of them."""
        if self.objects:
            return False
        if promotion.audience == Audience.SEGMENT:
            return promotion.segment_id in self.segments
        rule = promotion.parsed
        return (
            promotion.audience == Audience.RULE
            and rule.features <= self.held.keys()
            and rule.met_by(self.held)
        )


def card(person: UUID, slot: str, *, away: Collection[str], now: datetime) -> Card | None:
    """The card of that place. away: ids put away in this session, for those who let nothing be kept.

    Remembers that it was seen, where the person agreed to that.
    """
    running = list(Promotion.objects.running(now).filter(slot=slot))
    if not running:
        return None
    keeps = remembered(person)
    gone = {str(one) for one in away} | (put_away_by(person) if keeps else set())
    left = [one for one in running if str(one.pk) not in gone]
    if not left:
        return None
    found = choose(left, _known(person, left, now=now))
    if keeps:
        remember(person, found.promotion.pk, Reaction.Kind.SEEN, now=now)
    return found


def choose(running: Sequence[Promotion], person: Person) -> Card:
    """Of promotions that run in one place, the one for that person. running: at least one."""
    mine = next((one for one in running if person.is_for(one)), None)
    return Card(mine, personal=True) if mine is not None else Card(impersonal(running), personal=False)


def impersonal(running: Sequence[Promotion]) -> Promotion:
    """The same for everyone: the first that is for everyone, else the first, whoever it is for."""
    return next((one for one in running if one.audience == Audience.EVERYONE), running[0])


def _known(person: UUID, running: Sequence[Promotion], *, now: datetime) -> Person:
    if all(one.audience == Audience.EVERYONE for one in running):
        return Person(objects=False, held={}, segments=frozenset())
    if switches.barred(person, ACTIVITY) is not None:
        return Person(objects=True, held={}, segments=frozenset())
    keys = frozenset(key for one in running if one.audience == Audience.RULE for key in one.parsed.features)
    by_segment = any(one.audience == Audience.SEGMENT for one in running)
    return Person(
        objects=False,
        held=_held(person, keys, now=now),
        segments=belonging.of(person, use="promotions") if by_segment else frozenset(),
    )


def _held(person: UUID, keys: Collection[str], *, now: datetime) -> Mapping[str, frozenset[str]]:
    """Feature → classes; one whose own activity the person limited is left out, and no other."""
    known = features.offered(ACTIVITY)
    barred = switches.barred_among([person]).get(person, frozenset())
    free = [key for key in keys if key in known and known[key].activity not in barred]
    return reading.held(ACTIVITY, free, person, now=now) if free else {}


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A promotion beside what is known of the person.

    rule: its alternatives with their own values; segment: the one it is addressed to, with the reason why
    they are in it (None: they aren't). fits: it is for them.
    """

    promotion: Promotion
    rule: list[list[Said]]
    segment: Segment | None
    belongs: list[list[Said]] | None
    fits: bool


@dataclass(frozen=True, kw_only=True)
class Why:
    """The answer to "why do I see this?".

    objects: the person objected, so nothing about them was read. others: what else runs in that place for
    some only, so that their data was compared with it as well. remembered: their reactions are kept, by their
    consent.
    """

    objects: bool
    this: Compared
    others: list[Compared]
    remembered: bool

    @property
    def instead(self) -> bool:
        """Whether another is for them and this one isn't: they came here by its address alone."""
        return not self.this.fits and any(one.fits for one in self.others)


def why(person: UUID, promotion: UUID, *, away: Collection[str] = (), now: datetime) -> Why:
    """The rules and the very data that the place compared; away: as for `card`.

    Raises Promotion.DoesNotExist for one that doesn't run.
    """
    row = Promotion.objects.running(now).select_related("segment").get(pk=promotion)
    keeps, objects = remembered(person), switches.barred(person, ACTIVITY) is not None
    if objects:
        nothing = Person(objects=True, held={}, segments=frozenset())
        return Why(objects=True, this=_compared(row, nothing, {}), others=[], remembered=keeps)
    gone = {str(one) for one in away} | (put_away_by(person) if keeps else set())
    beside = Promotion.objects.running(now).filter(slot=row.slot).exclude(audience=Audience.EVERYONE)
    others = [one for one in beside.select_related("segment").exclude(pk=row.pk) if str(one.pk) not in gone]
    known = _known(person, [row, *others], now=now)
    mine = {one.segment.pk: one.why for one in belonging.explained(person, now=now)} if known.segments else {}
    return Why(
        objects=False,
        this=_compared(row, known, mine),
        others=[_compared(one, known, mine) for one in others],
        remembered=keeps,
    )


def _compared(row: Promotion, known: Person, mine: Mapping[UUID, list[list[Said]]]) -> Compared:
    segment = row.segment if row.audience == Audience.SEGMENT else None
    by_rule = row.audience == Audience.RULE and not known.objects
    return Compared(
        promotion=row,
        rule=row.parsed.said(ACTIVITY, known.held) if by_rule else [],
        segment=segment,
        belongs=mine.get(segment.pk) if segment and segment.pk in known.segments else None,
        fits=known.is_for(row),
    )
