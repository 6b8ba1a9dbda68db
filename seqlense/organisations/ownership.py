"""Handing an organisation over: the owner offers it to a member, who becomes its owner by accepting."""

from datetime import datetime
from typing import Final
from uuid import UUID

from seqlense.kit.periods import Period
from seqlense.organisations import letters
from seqlense.organisations.acting import Acting, acting
from seqlense.organisations.errors import HandoverRefused
from seqlense.organisations.models import Handover, Membership
from seqlense.organisations.roles import Permission, Role
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

OFFER_LASTS: Final = Period.parse("P14D")


def offer(organisation: UUID, membership: UUID, *, actor: Actor, now: datetime) -> Handover:
    """Offer the organisation to a member. Nothing changes until they accept. Raises HandoverRefused."""
    with acting(organisation, actor, Permission.HAND_OVER) as here:
        heir = here.member(membership)
        if heir.pk == here.membership.pk:
            raise HandoverRefused("organisations.handover.self")
        pending = Handover.objects.filter(organisation=organisation).first()
        if pending is not None and pending.open_at(now):
            if pending.subject_id == heir.subject_id:
                return pending
            raise HandoverRefused("organisations.handover.pending")
        Handover.objects.filter(organisation=organisation).delete()
        handover = Handover.objects.create(
            organisation=here.organisation,
            subject_id=heir.subject_id,
            offered_by_id=actor.subject,
            offered_at=now,
            expires_at=OFFER_LASTS.add_to(now),
        )
        acts.record(
            "organisations.handover-offered",
            actor=actor,
            now=now,
            subject=heir.subject_id,
            organisation=organisation,
        )
        letters.to_members("organisations.handover", [heir], now=now)
        return handover


def withdraw(organisation: UUID, *, actor: Actor, now: datetime) -> None:
    """Take the offer back. Harmless where there is none."""
    with acting(organisation, actor, Permission.HAND_OVER, closed=True):
        ended, _ = Handover.objects.filter(organisation=organisation).delete()
        if ended:
            acts.record("organisations.handover-withdrawn", actor=actor, now=now, organisation=organisation)


def accept(organisation: UUID, *, actor: Actor, now: datetime) -> Membership:
    """Become the owner; who was it becomes group administrator. Accepting twice is harmless.

    Raises HandoverRefused: none (or not to this person), expired.
    """
    with acting(organisation, actor, Permission.SEE) as here:
        if here.membership.role == Role.OWNER:
            return here.membership
        _offered(here, now).delete()
        before = Membership.objects.filter(organisation=organisation, role=Role.OWNER).first()
        pass_on(before, here.membership)
        acts.record(
            "organisations.handed-over",
            actor=actor,
            now=now,
            subject=actor.subject,
            organisation=organisation,
            before=before.subject_id if before else None,
        )
        if before is not None:
            letters.to_members("organisations.handed_over", [before], now=now)
        return here.membership


def decline(organisation: UUID, *, actor: Actor, now: datetime) -> None:
    """Refuse the offer. Raises HandoverRefused where none was made to this person."""
    with acting(organisation, actor, Permission.SEE, closed=True) as here:
        _offered(here, now).delete()
        acts.record(
            "organisations.handover-declined",
            actor=actor,
            now=now,
            subject=actor.subject,
            organisation=organisation,
        )


def pass_on(before: Membership | None, after: Membership) -> None:
    """Make `after` the owner. In this order, since the database allows one owner at any moment."""
    if before is not None:
        before.role = Role.ADMINISTRATOR
        before.save(update_fields=["role"])
    after.role = Role.OWNER
    after.save(update_fields=["role"])


def _offered(here: Acting, now: datetime) -> Handover:
    handover = Handover.objects.filter(
        organisation=here.organisation, subject_id=here.membership.subject_id
    ).first()
    if handover is None:
        raise HandoverRefused("organisations.handover.none")
    if not handover.open_at(now):
        raise HandoverRefused("organisations.handover.expired")
    return handover
