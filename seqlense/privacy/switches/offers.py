"""Which of these rights a person has over an activity: read from the register, never from a list."""

from dataclasses import dataclass

from seqlense.privacy import running
from seqlense.privacy.switches.models import Kind
from seqlense.register import Activity
from seqlense.register.vocabulary import Ground as Basis
from seqlense.register.vocabulary import SpecialCondition

WEIGHED = frozenset({Basis.LEGITIMATE_INTEREST, Basis.PUBLIC_TASK})
"""Bases against which a person may object, for reasons of their own (GDPR art. 21(1))."""
OWED = frozenset({Basis.CONTRACT, Basis.LEGAL_OBLIGATION})
"""Bases under which what is owed to the person, or by law, is carried out in spite of a switch."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the law offers over one activity.

    restrict: always (art. 18). object_to: against a weighed interest, or marketing. at_once: the objection
    needs no decision (art. 21(2), (3)). withdraw: consent is the basis (art. 7(3)).
    owed: what the activity owes to the person or the law goes on whatever is switched.
    """

    activity: Activity
    restrict: bool
    object_to: bool
    at_once: bool
    withdraw: bool
    owed: bool

    def allows(self, kind: Kind) -> bool:
        """Whether that right can be used here."""
        return {
            Kind.RESTRICTION: self.restrict,
            Kind.OBJECTION: self.object_to,
            Kind.WITHDRAWAL: self.withdraw,
        }[kind]


def offer(activity: str) -> Offer | None:
    """The rights over one activity; None where the running register has no such activity."""
    found = running.register().activities.get(activity)
    if found is None:
        return None
    basis = found.basis
    return Offer(
        activity=found,
        restrict=True,
        object_to=basis.ground in WEIGHED or found.direct_marketing,
        at_once=found.direct_marketing,
        withdraw=basis.ground is Basis.CONSENT or basis.special is SpecialCondition.EXPLICIT_CONSENT,
        owed=basis.ground in OWED,
    )


def is_owed(activity: str) -> bool:
    """Whether what that activity does is owed by contract or law, as the register says."""
    found = offer(activity)
    return found is not None and found.owed
