"""Reactions: kept for those who agreed, and for them alone; gone with the agreement, at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.dispatch import receiver

from seqlense.audience.promotions.models import PURPOSE, REACTIONS, Promotion, Reaction
from seqlense.audience.segments.models import shown
from seqlense.privacy import consent, switches
from seqlense.privacy.models import Subject
from seqlense.privacy.signals import switched
from seqlense.privacy.switches import Kind, Switch


def remembered(person: UUID) -> bool:
    """Whether that person's reactions may be kept: they agreed, and limited nothing since."""
    return consent.given(person, PURPOSE) and switches.barred(person, REACTIONS) is None


def put_away_by(person: UUID) -> set[str]:
    """Ids of the promotions that somebody put away for good."""
    mine = Reaction.objects.filter(subject_id=person, kind=Reaction.Kind.PUT_AWAY)
    return {str(one) for one in mine.values_list("promotion_id", flat=True)}


def remember(person: UUID, promotion: UUID, kind: Reaction.Kind, *, now: datetime) -> bool:
    """Keep a reaction, once for each kind, where the person agreed; gives whether it is kept.

    A withdrawal that is under way is waited for and obeyed: it locks the person as well.
    """
    mine = Reaction.objects.filter(subject_id=person, promotion_id=promotion, kind=kind)
    if mine.exists():
        return True
    if not Subject.objects.select_for_update(no_key=True).filter(pk=person, erased_at=None).exists():
        return False
    if not remembered(person):
        return False
    row = Reaction(subject_id=person, promotion_id=promotion, kind=kind, at=now)
    Reaction.objects.bulk_create([row], ignore_conflicts=True)
    return True


def counts(promotion: UUID) -> Mapping[str, int | None]:
    """Kind → how many people, as staff may see it: in tens, None below ten."""
    rows = Reaction.objects.filter(promotion_id=promotion).exclude(switches.barring(REACTIONS)).order_by()
    found = dict(rows.values_list("kind").annotate(people=Count("subject", distinct=True)))
    return {str(kind): shown(found.get(kind, 0)) for kind in Reaction.Kind}


def running(promotion: UUID, *, now: datetime) -> Promotion:
    """A promotion that is shown at that moment. Raises Promotion.DoesNotExist."""
    return Promotion.objects.running(now).get(pk=promotion)


def forget(subject: UUID) -> None:
    """Erase all of a person's reactions."""
    Reaction.objects.filter(subject_id=subject).delete()


@receiver(switched, dispatch_uid="promotions.forgotten")
def forgotten(*, subject: UUID, switch: Switch, **_: Any) -> None:
    """A withdrawal, or an objection, erases them in the same transaction; a limit only stops their use."""
    if switch.activity == REACTIONS and switch.until is None and switch.kind != Kind.RESTRICTION:
        forget(subject)


@receiver(consent.changed, dispatch_uid="promotions.withdrawn")
def withdrawn(*, subject: UUID, purpose: str, given: bool, **_: Any) -> None:
    """A withdrawn consent erases them in the same transaction."""
    if purpose == PURPOSE and not given:
        forget(subject)
