"""A person limits use (GDPR art. 18), objects (art. 21), withdraws consent (art. 7(3)), or frees it again."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from seqlense.privacy import acts, destruction, holds, requests, signals
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject
from seqlense.privacy.records import Act, Hold, RightsRequest
from seqlense.privacy.switches.errors import AlreadyLifted, NotOffered
from seqlense.privacy.switches.models import Ground, Kind, RequestText, Switch
from seqlense.privacy.switches.offers import Offer, offer

OF_RESTRICTION: Final = frozenset({Ground.ACCURACY, Ground.UNLAWFUL, Ground.CLAIMS})
KEEPING: Final = frozenset({Ground.UNLAWFUL, Ground.CLAIMS})
"""Grounds by which the person wants the data kept (art. 18(1)(b), (c)): no sweep takes them meanwhile."""
ACTS: Final = {
    Kind.RESTRICTION: "privacy.restricted",
    Kind.OBJECTION: "privacy.objected",
    Kind.WITHDRAWAL: "privacy.consent_withdrawn",
}


@transaction.atomic
def switch(
    kind: Kind,
    subject: UUID,
    activity: str,
    *,
    actor: Actor,
    now: datetime,
    ground: str = "",
    words: str = "",
    channel: str = "product",
) -> Switch:
    """Have a person's data in one activity only stored from now on; what is so already stays as it is.

    ground: of a restriction. "objection" there is an objection, which limits use until it is decided on.
    words: what the person says to it, sealed. channel: as of `requests.receive`. Raises NotOffered.
    """
    kind = Kind.OBJECTION if (kind, ground) == (Kind.RESTRICTION, Ground.OBJECTION) else Kind(kind)
    offered = _offered(kind, activity)
    ground = _ground(kind, ground, offered)
    if ground in KEEPING:
        destruction.take_turn()  # before the person is locked, as an erasure does
    if not Subject.objects.select_for_update().filter(pk=subject, erased_at=None).exists():
        raise NotOffered
    standing = Switch.objects.in_force().filter(subject_id=subject, activity=activity, kind=kind).first()
    if standing is not None:
        return standing
    request = requests.receive(subject, RightsRequest.Kind(kind), actor=actor, now=now, channel=channel)
    made = _make(kind, ground, request, activity, actor=actor, now=now, at_once=offered.at_once)
    if words.strip():
        RequestText(
            subject_id=subject, request=request, by=RequestText.By.PERSON, at=now, text=words.strip()
        ).save()
    if not made.waits:
        requests.answer(request, [outcome(made, "stopped")], actor=actor, now=now)
    tell(made, _proof(made, actor=actor, now=now), now=now)
    return made


def _offered(kind: Kind, activity: str) -> Offer:
    offered = offer(activity)
    if offered is None or not offered.allows(kind):
        raise NotOffered
    return offered


def _ground(kind: Kind, ground: str, offered: Offer) -> str:
    if kind is Kind.OBJECTION:
        return Ground.MARKETING if offered.at_once else Ground.SITUATION
    if kind is Kind.WITHDRAWAL:
        return ""
    if ground not in OF_RESTRICTION:
        raise NotOffered
    return Ground(ground)


def _make(
    kind: Kind,
    ground: str,
    request: RightsRequest,
    activity: str,
    *,
    actor: Actor,
    now: datetime,
    at_once: bool,
) -> Switch:
    subject = request.subject_id
    made = Switch(
        subject_id=subject, kind=kind, activity=activity, ground=ground, since=now, request_id=request.pk
    )
    if ground in KEEPING:
        reason = Hold.Reason.LIMITED
        made.hold = holds.place(subject, reason=reason, activity=activity, actor=actor, now=now)
    if kind is Kind.OBJECTION and at_once:
        made.decided_at, made.accepted = now, True
    made.save(force_insert=True)
    return made


def _proof(made: Switch, *, actor: Actor, now: datetime) -> Act:
    return acts.record(
        ACTS[Kind(made.kind)],
        actor=actor,
        now=now,
        subject=made.subject_id,
        switch=made.pk,
        activity=made.activity,
        ground=made.ground,
        request=made.request_id,
        hold=made.hold_id,
        accepted=made.accepted,
    )


def outcome(of: Switch, what: str) -> dict[str, Any]:
    """An entry for the history of requests: codes only."""
    return {"activity": of.activity, "outcome": what, "ground": of.override or of.ground}


def tell(of: Switch, act: Act, *, now: datetime) -> None:
    """Say it aloud, for rooms that write to the person or have something of their own to stop."""
    signals.switched.send(sender=Switch, subject=of.subject_id, switch=of, act=act, now=now)


def take_back(switch: UUID, *, subject: UUID, actor: Actor, now: datetime) -> Switch:
    """The person frees the use again, at once. Consent is given anew where it is asked for, not here.

    Raises Switch.DoesNotExist for another person's, NotOffered, AlreadyLifted.
    """
    if Switch.objects.get(pk=switch, subject_id=subject).kind == Kind.WITHDRAWAL:
        raise NotOffered
    return lift(switch, actor=actor, now=now)


@transaction.atomic
def lift(switch: UUID, *, actor: Actor, now: datetime) -> Switch:
    """Free the use; unless the person asked for it, `deciding.announce` it first. Raises AlreadyLifted."""
    found = Switch.objects.select_for_update().get(pk=switch)
    if found.until is not None:
        raise AlreadyLifted
    pending, found.until = found.waits, now
    found.save(update_fields=["until"])
    if found.hold_id is not None and Hold.objects.active(now).filter(pk=found.hold_id).exists():
        holds.lift(found.hold_id, actor=actor, now=now)
    if pending and found.request_id is not None:
        request = RightsRequest.objects.get(pk=found.request_id)
        requests.answer(request, [outcome(found, "taken_back")], actor=actor, now=now)
    act = acts.record(
        lifting(found), actor=actor, now=now, subject=found.subject_id, switch=found.pk,
        activity=found.activity,
    )  # fmt: skip
    tell(found, act, now=now)
    return found


def lifting(of: Switch) -> str:
    """Which act ends it."""
    if of.kind == Kind.WITHDRAWAL:
        return "privacy.consent_renewed"
    if of.kind == Kind.OBJECTION and of.accepted is not False:
        return "privacy.objection_taken_back"
    return "privacy.restriction_lifted"
