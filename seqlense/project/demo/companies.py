"""Organisations in bulk, of all ages: members, invitations in every state, offers, a few that are closed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seqlense.accounts.models import Account
from seqlense.kit.identifiers import uuid7
from seqlense.organisations import invitations
from seqlense.organisations.closing import REGRET
from seqlense.organisations.models import Handover, Invitation, Membership, Organisation
from seqlense.organisations.ownership import OFFER_LASTS
from seqlense.organisations.roles import Role
from seqlense.organisations.tenancy import inside
from seqlense.privacy import acts, subjects
from seqlense.privacy.actor import Actor

CLOSED_DAYS_AGO: Final = (2, 9, 16, 24)
"""How long ago some of them were closed: one goes in each of the coming weeks."""
MEMBERS_PER_COMPANY: Final = (3, 5, 6, 8, 9, 10, 12, 16, 24)


@dataclass(frozen=True, kw_only=True)
class Company:
    """One to plant: its people, the owner first, then its administrators. closed_at: when it was closed."""

    name: str
    since: datetime
    people: Sequence[Account]
    administrators: int = 1
    second_factor: bool = False
    closed_at: datetime | None = None


def plant(company: Company, *, now: datetime, random: random.Random) -> Organisation:
    """The organisation with its members, as founding, inviting and accepting would have left it."""
    identifier, owner = uuid7(company.since), company.people[0]
    erases_at = REGRET.add_to(company.closed_at) if company.closed_at else None
    with inside(identifier):
        organisation = Organisation.objects.create(
            id=identifier,
            name=company.name,
            created_at=company.since,
            second_factor_since=company.since + timedelta(days=1) if company.second_factor else None,
            closed_at=company.closed_at,
            erases_at=erases_at,
        )
        rows = list(_memberships(organisation, company, now, random))
        for row in rows:
            row.ends_at = erases_at
        Membership.objects.bulk_create(rows)
        actor = Actor.person(owner.subject_id)
        acts.record(
            "organisations.founded",
            actor=actor,
            now=company.since,
            subject=owner.subject_id,
            organisation=identifier,
        )
        if company.closed_at:
            acts.record("organisations.closed", actor=actor, now=company.closed_at, organisation=identifier)
    return organisation


def _memberships(
    organisation: Organisation, company: Company, now: datetime, random: random.Random
) -> Iterator[Membership]:
    latest = company.closed_at or now
    for place, account in enumerate(company.people):
        earliest = max(company.since, account.created_at)
        joined = company.since if place == 0 else earliest + random.random() * (latest - earliest)
        yield Membership(
            id=uuid7(joined),
            organisation=organisation,
            subject_id=account.subject_id,
            role=_role(place, company.administrators, random),
            joined_at=joined,
        )


def _role(place: int, administrators: int, random: random.Random) -> Role:
    if place == 0:
        return Role.OWNER
    if place <= administrators:
        return Role.ADMINISTRATOR
    return Role.READER if place > 2 and random.random() < 0.15 else Role.MEMBER


def invite(
    organisation: Organisation, address: str, *, by: Account, sent_at: datetime, random: random.Random
) -> None:
    """An invitation of that day, in any of its states; no mail leaves."""
    invitation = Invitation(
        id=uuid7(sent_at),
        organisation=organisation,
        subject_id=subjects.find_or_create("email", address, now=sent_at),
        role=random.choice([Role.MEMBER, Role.MEMBER, Role.READER]),
        language=by.language,
        invited_by_id=by.subject_id,
        invited_at=sent_at,
        sent_at=sent_at,
        expires_at=invitations.LASTS.add_to(sent_at),
    )
    settled = random.random()
    invitation.address = address if settled > 0.25 else None
    if settled <= 0.1:
        invitation.declined_at = sent_at + timedelta(hours=5)
    elif settled <= 0.25:
        invitation.withdrawn_at = sent_at + timedelta(hours=2)
    with inside(organisation.pk):
        invitation.save(force_insert=True)


def offer(organisation: Organisation, heir: Account, *, by: Account, at: datetime) -> None:
    """An offer of ownership that waits for an answer."""
    with inside(organisation.pk):
        Handover.objects.create(
            organisation=organisation,
            subject_id=heir.subject_id,
            offered_by_id=by.subject_id,
            offered_at=at,
            expires_at=OFFER_LASTS.add_to(at),
        )
