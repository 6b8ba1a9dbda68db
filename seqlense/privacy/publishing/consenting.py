"""A yes or no to a change of what was consented to is a consent given or withdrawn."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.apps import apps

from seqlense.privacy import consent, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.publishing.weighing import Demand

HOW: Final = "notice"


def known(demand: Demand) -> bool:
    """Whether consents to that purpose are kept here."""
    declared = {one.basis.consent_purpose for one in running.register().active}
    return (
        demand.asked == "consent"
        and demand.purpose in declared
        and apps.is_installed("seqlense.privacy.consent")
    )


def asks(subject: UUID, demand: Demand) -> bool:
    """Whether that person is asked: not who never consented, or withdrew."""
    return not known(demand) or consent.given(subject, demand.purpose)


def carry_out(
    subject: UUID, demand: Demand, *, accepted: bool, shown: str, language: str, actor: Actor, now: datetime
) -> None:
    """Give or withdraw the consent that the answer is about, in the caller's transaction."""
    if not known(demand):
        return
    if accepted:
        consent.give(subject, demand.purpose, how=HOW, shown=shown, language=language, actor=actor, now=now)
    else:
        consent.withdraw(subject, demand.purpose, how=HOW, actor=actor, now=now)
