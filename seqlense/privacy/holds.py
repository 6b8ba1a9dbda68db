"""Holds: reasons for which nothing about a person may be deleted for a while (GDPR art. 17(3))."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from seqlense.privacy import acts, destruction, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject
from seqlense.privacy.records import Hold
from seqlense.privacy.switches.lines import Line


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
        ends_at=ends_at.isoformat() if ends_at else None,
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


REPLAYED: Final = ("privacy.hold_placed", "privacy.hold_lifted")
"""Acts that a restored database goes through again."""


@transaction.atomic
def replay(raw: object, *, now: datetime) -> bool:
    """Do one line of the journal again, as of its own date; whether anything changed. Repeating is harmless.

    A hold on somebody who was erased meanwhile is placed again too: it decides what that erasure kept.
    """
    line = Line.read(raw)
    identifier = line.identifier("hold")
    if identifier is None:
        return False
    if line.kind == "privacy.hold_lifted":
        found = Hold.objects.filter(pk=identifier).filter(Q(ends_at=None) | Q(ends_at__gt=line.at))
        changed = found.update(ends_at=line.at) > 0
    else:
        destruction.take_turn()
        changed = _placed_again(identifier, line)
    if changed:
        line.record(now=now)
    return changed


def _placed_again(identifier: UUID, line: Line) -> bool:
    if line.subject is None or not Subject.objects.filter(pk=line.subject).exists():
        return False
    values = {
        "subject_id": line.subject,
        "activity": line.detail.get("activity", ""),
        "reason": Hold.Reason(str(line.detail["reason"])),
        "placed_at": line.at,
        "ends_at": line.moment("ends_at"),
    }
    return Hold.objects.get_or_create(pk=identifier, defaults=values)[1]


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
