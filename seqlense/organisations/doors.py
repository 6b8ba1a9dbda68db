"""The only questions of this room that cross the wall between tenants. Each names one person or one row.

They read as the maintenance role, for one block, and hand out frozen facts, never rows to work with.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Subquery

from seqlense.organisations.models import Handover, Invitation, Membership, Organisation
from seqlense.organisations.roles import Role
from seqlense.privacy import reach, subjects


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


def mine(subject: UUID) -> list[Mine]:
    """The organisations that a person belongs to, by name."""
    members = (
        Membership.objects.filter(organisation=OuterRef("organisation")).order_by().values("organisation")
    )
    with reach.maintenance():
        rows = list(
            Membership.objects.filter(subject_id=subject)
            .select_related("organisation")
            .annotate(members=Subquery(members.annotate(number=Count("pk")).values("number")))
            .order_by("organisation__name", "pk")
        )
        offered = set(Handover.objects.filter(subject_id=subject).values_list("organisation_id", flat=True))
    return [_mine(row, row.organisation_id in offered) for row in rows]


def _mine(row: Membership, offered: bool) -> Mine:
    return Mine(
        organisation=row.organisation_id,
        name=row.organisation.name,
        membership=row.pk,
        role=Role(row.role),
        joined_at=row.joined_at,
        members=row.members,  # type: ignore[attr-defined]  # annotated by `mine`
        closed_at=row.organisation.closed_at,
        erases_at=row.organisation.erases_at,
        offered=offered,
        second_factor=row.organisation.second_factor_since is not None,
    )


def awaiting(address: str, *, now: datetime) -> list[Offer]:
    """Invitations that wait for the holder of a verified address, the newest first."""
    subject = subjects.find("email", address)
    if subject is None:
        return []
    with reach.maintenance():
        rows = list(
            Invitation.objects.filter(subject_id=subject, expires_at__gt=now, organisation__closed_at=None)
            .filter(accepted_at=None, declined_at=None, withdrawn_at=None)
            .select_related("organisation")
        )
    return [offer_of(row) for row in rows]


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
    with reach.maintenance():
        rows = Organisation.objects.filter(
            Exists(Membership.objects.filter(organisation=OuterRef("pk"), subject_id=subject))
            | Exists(Invitation.objects.filter(organisation=OuterRef("pk"), subject_id=subject))
        )
        return dict(rows.values_list("pk", "name"))


def owned(subject: UUID) -> list[UUID]:
    """Organisations that a person owns, closed ones included."""
    with reach.maintenance():
        owning = Membership.objects.filter(subject_id=subject, role=Role.OWNER)
        return list(owning.values_list("organisation_id", flat=True))


def demands_second_factor(subject: UUID) -> bool:
    """Whether any open organisation that a person belongs to demands a second factor."""
    with reach.maintenance():
        return Membership.objects.filter(
            subject_id=subject,
            organisation__second_factor_since__isnull=False,
            organisation__closed_at=None,
        ).exists()


def members_elsewhere(people: Mapping[UUID, UUID]) -> set[UUID]:
    """Of these people (subject → an organisation), those who belong to any other organisation."""
    with reach.maintenance():
        rows = Membership.objects.filter(subject_id__in=list(people)).values_list(
            "subject_id", "organisation_id"
        )
        return {subject for subject, organisation in rows if organisation != people[subject]}


def organisation_of_invitation(invitation: UUID) -> UUID | None:
    """Where an invitation belongs; for the mail that carries it."""
    with reach.maintenance():
        return Invitation.objects.filter(pk=invitation).values_list("organisation_id", flat=True).first()


def organisation_of_membership(membership: UUID) -> UUID | None:
    """Where a membership belongs; for mails to members."""
    with reach.maintenance():
        return Membership.objects.filter(pk=membership).values_list("organisation_id", flat=True).first()


def due_for_deletion(now: datetime) -> list[UUID]:
    """Closed organisations whose date has come, the longest due first."""
    with reach.maintenance():
        due = Organisation.objects.filter(erases_at__lte=now).order_by("erases_at")
        return list(due.values_list("pk", flat=True))
