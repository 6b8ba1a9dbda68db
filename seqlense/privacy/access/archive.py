"""The archive's door for staff: who opens it says why, and it is noted where the person can see it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from seqlense.privacy import acts, reach
from seqlense.privacy.access.everything import read
from seqlense.privacy.access.held import Access
from seqlense.privacy.actor import Actor


class ReasonMissing(ValueError):
    """The archive opens for a reason only."""

    code = "reason-missing"


def archived(subject: UUID, *, actor: Actor, reason: str, now: datetime) -> Access:
    """What is kept about a person out of ordinary reach, for staff who say why. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    with reach.maintenance():
        found = read(subject, now=now)
        acts.record_staff("privacy.archive_read", actor=actor, subject=subject, reason=reason, now=now)
    activities = []
    for held in found.activities:
        items = tuple(
            replace(item, values=tuple(value for value in item.values if value.archived))
            for item in held.items
        )
        kept = tuple(item for item in items if item.values)
        if kept:
            activities.append(replace(held, items=kept))
    return replace(found, activities=tuple(activities))
