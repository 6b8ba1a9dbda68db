"""Answering an invitation: the link, what it shows before one answers, accepting and declining."""

import base64
import binascii
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.signing import BadSignature, Signer

from seqlense.accounts import signing_up
from seqlense.accounts.models import Account
from seqlense.kit.addresses import normalise
from seqlense.organisations.acting import locked
from seqlense.organisations.doors import Offer, offer_of
from seqlense.organisations.errors import Closed, InvitationRefused, NotFound
from seqlense.organisations.models import Invitation, Membership, Organisation
from seqlense.organisations.standing import stands
from seqlense.organisations.tenancy import inside
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

SIGNER: Final = Signer(salt="seqlense.organisations.invitation", sep=".")


def token(organisation: UUID, invitation: UUID) -> str:
    """What the link in the mail carries: which invitation, and the proof that we wrote it. Stored nowhere."""
    return SIGNER.sign(base64.urlsafe_b64encode(organisation.bytes + invitation.bytes).decode().rstrip("="))


def read(link: str) -> tuple[UUID, UUID]:
    """Organisation and invitation of a token. Raises InvitationRefused (forged)."""
    try:
        raw = base64.urlsafe_b64decode(SIGNER.unsign(link) + "==")
        return UUID(bytes=raw[:16]), UUID(bytes=raw[16:])
    except (BadSignature, binascii.Error, ValueError):
        raise InvitationRefused("organisations.invitation.forged") from None


def look(organisation: UUID, invitation: UUID, *, account: Account | None, now: datetime) -> Offer:
    """What the invitation offers, to the holder of its link, writing nothing.

    Raises InvitationRefused: unknown, expired, void, withdrawn, accepted, declined; foreign or unverified for
    an account that can't answer it.
    """
    with inside(organisation):
        found = _open(Organisation.objects.filter(pk=organisation).first(), invitation, now)
        if account is not None:
            _check_holder(found, account)
        return offer_of(found)


def accept(
    organisation: UUID, invitation: UUID, *, account: Account, actor: Actor, now: datetime, new: bool = False
) -> Membership:
    """Join. Accepting twice is harmless: the second time finds the membership. Raises InvitationRefused.

    new: the account was opened in order to join.
    """
    with inside(organisation):
        home = _locked(organisation)
        membership = Membership.objects.filter(organisation=home, subject_id=account.subject_id).first()
        found = Invitation.objects.filter(pk=invitation, organisation=home).first()
        if membership is not None and found is not None and found.accepted_at is not None:
            return membership
        found = _open(home, invitation, now)
        _check_holder(found, account)
        _settle(found, "accepted_at", now)
        if membership is None:
            membership = Membership.objects.create(
                organisation=home,
                subject_id=account.subject_id,
                role=found.role,
                joined_at=now,
                opened_account=new,
            )
        acts.record(
            "organisations.joined",
            actor=actor,
            now=now,
            subject=account.subject_id,
            organisation=organisation,
            invitation=invitation,
            role=membership.role,
        )
        return membership


def join_newly(
    organisation: UUID,
    invitation: UUID,
    *,
    wishes: signing_up.Wishes,
    name: str,
    password: str,
    now: datetime,
) -> Account:
    """Open an account on the invited address, which the link has proven, and join.

    Raises InvitationRefused; WeakPassword, InvalidChoice and AddressTaken from the accounts.
    """
    with inside(organisation):
        found = _open(_locked(organisation), invitation, now)
        account = signing_up.open_proven(found.address or "", wishes, name=name, password=password, now=now)
        accept(
            organisation,
            invitation,
            account=account,
            actor=Actor.person(account.subject_id),
            now=now,
            new=True,
        )
        return account


def decline(organisation: UUID, invitation: UUID, *, account: Account, actor: Actor, now: datetime) -> None:
    """Refuse; the address is forgotten by the organisation at once. Raises InvitationRefused."""
    with inside(organisation):
        found = _open(_locked(organisation), invitation, now)
        _check_holder(found, account)
        _settle(found, "declined_at", now)
        acts.record(
            "organisations.declined",
            actor=actor,
            now=now,
            subject=account.subject_id,
            organisation=organisation,
            invitation=invitation,
        )


def _locked(organisation: UUID) -> Organisation:
    try:
        return locked(organisation)
    except NotFound:
        raise InvitationRefused("organisations.invitation.unknown") from None


def _open(home: Organisation | None, invitation: UUID, now: datetime) -> Invitation:
    found = Invitation.objects.filter(pk=invitation, organisation=home).first() if home else None
    if home is None or found is None:
        raise InvitationRefused("organisations.invitation.unknown")
    if found.settled_as:
        raise InvitationRefused(f"organisations.invitation.{found.settled_as}", found.settled_on)
    if now >= found.expires_at:
        raise InvitationRefused("organisations.invitation.expired", found.expires_at)
    if not stands(found):
        raise InvitationRefused("organisations.invitation.void")
    if home.closed_at is not None:
        raise Closed
    return found


def _check_holder(found: Invitation, account: Account) -> None:
    if account.verified_at is None:
        raise InvitationRefused("organisations.invitation.unverified")
    if found.address is None or normalise(account.email) != found.address:
        raise InvitationRefused("organisations.invitation.foreign")


def _settle(found: Invitation, answer: str, now: datetime) -> None:
    setattr(found, answer, now)
    found.address = None
    found.save(update_fields=[answer, "address"])
