"""In step with the rest of the kernel: My data's withdrawals, and erasures."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from seqlense.privacy import running, signals, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import giving
from seqlense.privacy.consent.models import Kind, Receipt

WITHDRAWING: Final = Actor.system("consent")


def connect() -> None:
    """Listen."""
    signals.switched.connect(_switched, dispatch_uid="seqlense.consent.switched")
    signals.erasing.connect(_erasing, dispatch_uid="seqlense.consent.erasing")


def _switched(*, subject: UUID, switch: switches.Switch, act: Any, now: datetime, **_: object) -> None:
    """A withdrawal set in My data ends the consent, and with it the other activities that rest on it.

    One that `withdraw` set finds nothing standing any more: that is where the circle ends. A replayed one
    (without act) ends the consent at its own date; the other activities have lines of the journal of their
    own.
    """
    if switch.kind != switches.Kind.WITHDRAWAL or switch.until is not None:
        return
    activity = running.register().activities.get(switch.activity)
    purpose = activity.basis.consent_purpose if activity is not None else None
    if purpose is None:
        return
    if act is None:
        giving.end(subject, purpose, how="my_data", actor=WITHDRAWING, now=switch.since)
    else:
        actor = Actor(act.actor_kind, act.actor_subject, act.actor_part)
        giving.withdraw(subject, purpose, how="my_data", actor=actor, now=now)


def _erasing(*, subject: UUID, now: datetime, **_: object) -> None:
    """With the erasure every choice and consent ends: the proof of each is kept from that day on."""
    for one in Receipt.objects.filter(subject_id=subject, kind__in=[Kind.GIVEN, Kind.CHOICE]):
        if one.ended_at is None or one.ended_at > now:
            one.ended_at = max(now, one.at)
            one.save(update_fields=["ended_at"])
