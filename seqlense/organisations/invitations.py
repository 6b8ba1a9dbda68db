"""Inviting people: the address goes in, and is never shown to the inviter again.

An invitation is bound to its address: whoever holds the link sees who invites, but only an account with that
verified address can answer. It lasts seven days. `links` makes and reads the link.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from seqlense.accounts import throttling
from seqlense.accounts.errors import TooManyAttempts
from seqlense.accounts.models import account_of
from seqlense.kit.addresses import InvalidAddress, normalise
from seqlense.kit.periods import Period
from seqlense.organisations import letters
from seqlense.organisations.acting import Acting, acting
from seqlense.organisations.errors import (
    AddressesRefused,
    AddressRefused,
    InvitationRefused,
    NotFound,
    TooMany,
)
from seqlense.organisations.models import Invitation, Membership
from seqlense.organisations.roles import Permission, Role, assignable
from seqlense.privacy import acts, subjects
from seqlense.privacy.actor import Actor

LASTS: Final = Period.parse("P7D")
AT_ONCE: Final = 20
SENDINGS: Final = 5
SEND_AGAIN_AFTER: Final = timedelta(minutes=10)
SENT: Final = throttling.Limit(name="invitations", burst=60, every=timedelta(minutes=10))
"""Per organisation: sixty at once, then one more every ten minutes."""


def invite(
    organisation: UUID, *, addresses: Sequence[str], role: Role, language: str, actor: Actor, now: datetime
) -> list[Invitation]:
    """Invite people, all or nobody. An address invited before gets a new mail, with the new role.

    Raises AddressesRefused (what is wrong with which line), InvitationRefused for a role that one may not
    give, TooMany.
    """
    if len(addresses) > AT_ONCE:
        raise TooMany("organisations.too-many.addresses")
    with acting(organisation, actor, Permission.INVITE) as here:
        if role not in assignable(here.membership.role):
            raise InvitationRefused("organisations.invitation.role")
        wanted = _checked(here, addresses, now)
        invitations = [
            _invite(here, address, subject, role=role, language=language, actor=actor, now=now)
            for address, subject in wanted.items()
        ]
        _count(organisation, len(invitations), now)
        for invitation in invitations:
            letters.invite(invitation, now=now)
        return invitations


def _checked(here: Acting, addresses: Iterable[str], now: datetime) -> dict[str, UUID]:
    """Normalised address → its subject. Raises AddressesRefused."""
    inviter = account_of(here.membership.subject_id)
    wanted: dict[str, UUID] = {}
    refused: list[AddressRefused] = []
    for line, typed in enumerate(addresses, start=1):
        try:
            address = normalise(typed)
            if inviter is not None and address == normalise(inviter.email):
                raise AddressRefused("organisations.address.self", line)
            subject = subjects.find_or_create("email", address, now=now)
            _check(here, subject, line, now)
            wanted[address] = subject
        except InvalidAddress:
            refused.append(AddressRefused("organisations.address.malformed", line))
        except AddressRefused as problem:
            refused.append(problem)
    if refused:
        raise AddressesRefused(refused)
    return wanted


def _check(here: Acting, subject: UUID, line: int, now: datetime) -> None:
    if Membership.objects.filter(organisation=here.organisation, subject_id=subject).exists():
        raise AddressRefused("organisations.address.member", line)
    earlier = Invitation.objects.filter(organisation=here.organisation, subject_id=subject).first()
    if earlier is not None and (code := _why_not_again(earlier, now)):
        raise AddressRefused(f"organisations.address.{code}", line)


def _why_not_again(invitation: Invitation, now: datetime) -> str:
    if invitation.sent_at > now - SEND_AGAIN_AFTER:
        return "recent"
    return "often" if invitation.sent_count >= SENDINGS else ""


def _invite(
    here: Acting, address: str, subject: UUID, *, role: Role, language: str, actor: Actor, now: datetime
) -> Invitation:
    earlier = Invitation.objects.filter(organisation=here.organisation, subject_id=subject).first()
    invitation = earlier or Invitation(organisation=here.organisation, subject_id=subject, sent_count=0)
    invitation.address = address
    invitation.role, invitation.language = role, language
    invitation.invited_by_id, invitation.invited_at = actor.subject, now
    invitation.accepted_at = invitation.declined_at = invitation.withdrawn_at = None
    _send(invitation, now)
    acts.record(
        "organisations.invited",
        actor=actor,
        now=now,
        subject=subject,
        organisation=here.organisation.pk,
        invitation=invitation.pk,
        role=role,
    )
    return invitation


def _send(invitation: Invitation, now: datetime) -> None:
    invitation.sent_at, invitation.expires_at = now, LASTS.add_to(now)
    invitation.sent_count += 1
    invitation.save()


def _count(organisation: UUID, number: int, now: datetime) -> None:
    try:
        for _ in range(number):
            throttling.allow(SENT, str(organisation), now=now)
    except TooManyAttempts as wait:
        raise TooMany("organisations.too-many.invitations", now + wait.again_in) from None


def resend(organisation: UUID, invitation: UUID, *, actor: Actor, now: datetime) -> Invitation:
    """Send it once more, for another seven days, under one's own name; an expired or void one too.

    Raises InvitationRefused (also for a role that one may not give), TooMany.
    """
    with acting(organisation, actor, Permission.INVITE) as here:
        found = _of(here, invitation)
        if found.settled_as:
            raise InvitationRefused(f"organisations.invitation.{found.settled_as}", found.settled_on)
        if found.role not in assignable(here.membership.role):
            raise InvitationRefused("organisations.invitation.role")
        if code := _why_not_again(found, now):
            raise InvitationRefused(f"organisations.invitation.{code}", found.sent_at)
        found.invited_by_id = actor.subject
        _send(found, now)
        _count(organisation, 1, now)
        acts.record(
            "organisations.invitation-resent",
            actor=actor,
            now=now,
            subject=found.subject_id,
            organisation=organisation,
            invitation=found.pk,
        )
        letters.invite(found, now=now)
        return found


def withdraw(organisation: UUID, invitation: UUID, *, actor: Actor, now: datetime) -> None:
    """Take it back; its address is forgotten at once. Withdrawing twice is harmless."""
    with acting(organisation, actor, Permission.INVITE) as here:
        found = _of(here, invitation)
        if found.settled_as in ("accepted", "declined"):
            raise InvitationRefused(f"organisations.invitation.{found.settled_as}", found.settled_on)
        if found.withdrawn_at is None:
            found.address, found.withdrawn_at = None, now
            found.save(update_fields=["address", "withdrawn_at"])
            acts.record(
                "organisations.invitation-withdrawn",
                actor=actor,
                now=now,
                subject=found.subject_id,
                organisation=organisation,
                invitation=found.pk,
            )


def _of(here: Acting, invitation: UUID) -> Invitation:
    found = Invitation.objects.filter(pk=invitation, organisation=here.organisation).first()
    if found is None:
        raise NotFound
    return found
