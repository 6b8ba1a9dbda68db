"""The only questions of this room that cross the wall between tenants. Each names one person or one row.

They read as the maintenance role, for one block, and hand out frozen facts, never rows to work with.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from seqlense.organisations.models import Invitation, Membership, Organisation, reference
from seqlense.organisations.roles import Role
from seqlense.organisations.standing import GIVING
from seqlense.privacy import reach


@dataclass(frozen=True, kw_only=True)
class Mine:
    """An organisation that a person belongs to.

    members: how many people it has. closed_at, erases_at: set once it was closed. offered: its owner offers
    it to this person. second_factor: it demands one of its members.
    """

    organisation: UUID
    name: str
    membership: UUID
    role: Role
    joined_at: datetime
    members: int
    closed_at: datetime | None
    erases_at: datetime | None
    offered: bool
    second_factor: bool


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An invitation as the invited person may know it.

    inviter: the subject who sent it, if they still exist.
    """

    organisation: UUID
    name: str
    invitation: UUID
    reference: str
    role: Role
    inviter: UUID | None
    expires_at: datetime


def for_staff() -> AbstractContextManager[None]:
    """The whole house, for `directory` alone: what the company's staff sees of all organisations."""
    return reach.maintenance()


# Written by hand: every page of a signed-in person asks them, and composing them takes Django longer than
# PostgreSQL needs to answer.
MINE: Final = """
SELECT o.id, o.name, m.id, m.role, m.joined_at,
       (SELECT count(*) FROM organisations_membership other WHERE other.organisation_id = o.id),
       o.closed_at, o.erases_at,
       EXISTS (SELECT FROM organisations_handover h
               WHERE h.organisation_id = o.id AND h.subject_id = m.subject_id),
       o.second_factor_since IS NOT NULL
FROM organisations_membership m JOIN organisations_organisation o ON o.id = m.organisation_id
WHERE m.subject_id = %(subject)s
ORDER BY o.name, m.id
"""
WAITING: Final = """
SELECT o.id, o.name, i.id, i.role, i.invited_by_id, i.expires_at
FROM organisations_invitation i JOIN organisations_organisation o ON o.id = i.organisation_id
WHERE i.subject_id = %(subject)s AND i.expires_at > %(now)s AND o.closed_at IS NULL
  AND i.accepted_at IS NULL AND i.declined_at IS NULL AND i.withdrawn_at IS NULL
  AND EXISTS (SELECT FROM organisations_membership sender
              WHERE sender.organisation_id = o.id AND sender.subject_id = i.invited_by_id
                AND sender.role || '>' || i.role = ANY(%(giving)s))
ORDER BY i.invited_at DESC, i.id DESC
"""


def mine(subject: UUID) -> list[Mine]:
    """The organisations that a person belongs to, by name."""
    with reach.maintenance(savepoint=False):
        return _all_of(subject)


def standing(subject: UUID, *, now: datetime) -> tuple[list[Mine], list[Offer]]:
    """What `mine` says of a person, and the invitations that wait for them, in one go."""
    with reach.maintenance(savepoint=False):
        return _all_of(subject), _waiting_for(subject, now)


def _all_of(subject: UUID) -> list[Mine]:
    with connection.cursor() as cursor:
        cursor.execute(MINE, {"subject": subject})
        rows = cursor.fetchall()
    return [
        Mine(
            organisation=row[0],
            name=row[1],
            membership=row[2],
            role=Role(row[3]),
            joined_at=row[4],
            members=row[5],
            closed_at=row[6],
            erases_at=row[7],
            offered=row[8],
            second_factor=row[9],
        )
        for row in rows
    ]


def _waiting_for(subject: UUID, now: datetime) -> list[Offer]:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"subject": subject, "now": now, "giving": GIVING})
        rows = cursor.fetchall()
    return [
        Offer(
            organisation=row[0],
            name=row[1],
            invitation=row[2],
            reference=reference(row[2]),
            role=Role(row[3]),
            inviter=row[4],
            expires_at=row[5],
        )
        for row in rows
    ]


def offer_of(row: Invitation) -> Offer:
    """What the invited person may know of an invitation."""
    return Offer(
        organisation=row.organisation_id,
        name=row.organisation.name,
        invitation=row.pk,
        reference=row.reference,
        role=Role(row.role),
        inviter=row.invited_by_id,
        expires_at=row.expires_at,
    )


def names(subject: UUID) -> dict[UUID, str]:
    """The names of the organisations that a person belongs to or was invited to."""
    with reach.maintenance(savepoint=False):
        rows = Organisation.objects.filter(
            Exists(Membership.objects.filter(organisation=OuterRef("pk"), subject_id=subject))
            | Exists(Invitation.objects.filter(organisation=OuterRef("pk"), subject_id=subject))
        )
        return dict(rows.values_list("pk", "name"))


def owned(subject: UUID) -> list[UUID]:
    """Organisations that a person owns, closed ones included."""
    with reach.maintenance(savepoint=False):
        owning = Membership.objects.filter(subject_id=subject, role=Role.OWNER)
        return list(owning.values_list("organisation_id", flat=True))


def demands_second_factor(subject: UUID) -> bool:
    """Whether any open organisation that a person belongs to demands a second factor."""
    with reach.maintenance(savepoint=False):
        return Membership.objects.filter(
            subject_id=subject,
            organisation__second_factor_since__isnull=False,
            organisation__closed_at=None,
        ).exists()


def members_elsewhere(people: Mapping[UUID, UUID]) -> set[UUID]:
    """Of these people (subject → an organisation), those who belong to any other organisation."""
    with reach.maintenance(savepoint=False):
        rows = Membership.objects.filter(subject_id__in=list(people)).values_list(
            "subject_id", "organisation_id"
        )
        return {subject for subject, organisation in rows if organisation != people[subject]}


def organisation_of_invitation(invitation: UUID) -> UUID | None:
    """Where an invitation belongs; for the mail that carries it."""
    with reach.maintenance(savepoint=False):
        return Invitation.objects.filter(pk=invitation).values_list("organisation_id", flat=True).first()


def organisation_of_membership(membership: UUID) -> UUID | None:
    """Where a membership belongs; for mails to members."""
    with reach.maintenance(savepoint=False):
        return Membership.objects.filter(pk=membership).values_list("organisation_id", flat=True).first()


def due_for_deletion(now: datetime) -> list[UUID]:
    """Closed organisations whose date has come, the longest due first."""
    with reach.maintenance(savepoint=False):
        due = Organisation.objects.filter(erases_at__lte=now).order_by("erases_at")
        return list(due.values_list("pk", flat=True))
