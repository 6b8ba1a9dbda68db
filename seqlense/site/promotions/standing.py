"""Whether a use goes on for a person, and the one click that stops or frees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seqlense.privacy import switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.switches import Kind, Switch


@dataclass(frozen=True)
class Use:
    """A use of somebody's data. objection: the person's own, in force. limited: barred by something else."""

    objection: Switch | None
    limited: bool

    @property
    def goes_on(self) -> bool:
        """Nothing bars it."""
        return self.objection is None and not self.limited


def use(person: UUID, activity: str) -> Use:
    """Where it stands."""
    bars = [one for one in switches.in_force(person) if one.activity == activity]
    objection = next((one for one in bars if one.kind == Kind.OBJECTION), None)
    return Use(objection, limited=any(one.kind == Kind.RESTRICTION for one in bars))


def choose(person: UUID, activity: str, *, allowed: bool, actor: Actor, now: datetime) -> None:
    """Object, or take the objection back; what is so already stays so."""
    standing = use(person, activity).objection
    if not allowed:
        switches.set(Kind.OBJECTION, person, activity, actor=actor, now=now)
    elif standing is not None:
        switches.take_back(standing.pk, subject=person, actor=actor, now=now)
