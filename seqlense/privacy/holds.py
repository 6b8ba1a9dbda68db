"""Holds: reasons for which nothing about a person may be deleted for a while (GDPR art. 17(3))."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seqlense.privacy import acts, destruction, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Hold


class HoldEnded(Exception):
    """That hold had ended already."""

    code = "hold-ended"


class BadHold(ValueError):
    """A hold on an activity that the register doesn't know, or one that ends before it begins."""

    code = "bad-hold"


@transaction.atomic
def place(
    subject: UUID,
    *,
    reason: Hold.Reason,
    actor: Actor,
    now: datetime,
    activity: str = "",
    ends_at: datetime | None = None,
) -> Hold:
    """Stop deletion about that person, in one activity or ("") in all, until the hold ends or is lifted."""
    if activity and activity not in running.register().activities:
        raise BadHold("The register knows no such activity.")
    if ends_at is not None and ends_at <= now:
        raise BadHold("It would end before it begins.")
    destruction.take_turn()
    hold = Hold.objects.create(
        subject_id=subject,
        activity=activity,
        reason=Hold.Reason(reason),
        placed_at=now,
        placed_by=actor.subject,
        ends_at=ends_at,
    )
    acts.record(
        "privacy.hold_placed",
        actor=actor,
        now=now,
        subject=subject,
        hold=hold.pk,
        activity=activity,
        reason=reason,
    )
    return hold


@transaction.atomic
def lift(hold: UUID, *, actor: Actor, now: datetime) -> Hold:
    """End a hold now. What an erasure left for it alone goes with the next sweep. Raises HoldEnded."""
    found = Hold.objects.select_for_update().get(pk=hold)
    if found.ends_at is not None and found.ends_at <= now:
        raise HoldEnded
    found.ends_at = now
    found.save(update_fields=["ends_at"])
    acts.record("privacy.hold_lifted", actor=actor, now=now, subject=found.subject_id, hold=found.pk)
    return found


def activities_held(subject: UUID, now: datetime) -> dict[str, datetime | None]:
    """Activities on hold for that person → when the last of their holds ends, None where that isn't known."""
    found = Hold.objects.active(now).filter(subject_id=subject).values_list("activity", "ends_at")
    return by_activity(found)


def by_activity(found: Iterable[tuple[str, datetime | None]]) -> dict[str, datetime | None]:
    """The same from holds' activities ("" for all) and ends."""
    ends: dict[str, datetime | None] = {}
    for named, end in found:
        for activity in [named] if named else running.register().activities:
            known = ends.get(activity, end)
            ends[activity] = None if known is None or end is None else max(known, end)
    return ends
