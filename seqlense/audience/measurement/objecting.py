"""Objections of people with an account. They need no reason and no decision, and hold on every device."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from seqlense.audience.measurement.counting import ACTIVITY
from seqlense.privacy import signals, switches
from seqlense.privacy.actor import Actor

ACCEPTING: Final = Actor.system("measurement")


def objects(subject: UUID) -> bool:
    """Whether that person isn't counted."""
    return switches.barred(subject, ACTIVITY) is not None


def object_to(subject: UUID, *, actor: Actor, now: datetime) -> None:
    """Count that person no more (GDPR art. 21(1); CNIL 2020-091, art. 5)."""
    switches.set(switches.Kind.OBJECTION, subject, ACTIVITY, actor=actor, now=now)


def take_back(subject: UUID, *, actor: Actor, now: datetime) -> None:
    """Count that person again. What only the officer may lift stays: a limit that the person asked for."""
    for one in switches.in_force(subject):
        if one.activity == ACTIVITY and one.kind == switches.Kind.OBJECTION:
            switches.take_back(one.pk, subject=subject, actor=actor, now=now)


def listen() -> None:
    """Accept each objection as it comes, wherever it was made."""
    signals.switched.connect(_accept, dispatch_uid="seqlense.measurement.accept")


def _accept(*, switch: switches.Switch, act: Any, now: datetime, **_: object) -> None:
    if switch.activity == ACTIVITY and switch.waits and act is not None:
        switches.decide(switch.pk, accepted=True, actor=ACCEPTING, now=now)
