"""Questions about one organisation. Ask them inside it: the wall shows nothing otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, QuerySet, Value, When

from seqlense.accounts.models import Account, account_of
from seqlense.organisations.errors import NotFound
from seqlense.organisations.models import Handover, Invitation, Membership, Organisation
from seqlense.organisations.roles import Role
from seqlense.organisations.standing import standing

_RANK = Case(
    *[When(role=role.value, then=Value(rank)) for rank, role in enumerate(Role)], output_field=IntegerField()
)


@dataclass(frozen=True)
class Counts:
    """How much an organisation holds: members and invitations that wait."""

    members: int
    invitations: int


def members(organisation: Organisation) -> QuerySet[Membership]:
    """Its people: the owner first, then by role and by how long they belong to it."""
    return Membership.objects.filter(organisation=organisation).order_by(_RANK, "joined_at", "pk")


def member(organisation: Organisation, membership: UUID) -> Membership:
    """One of its members. Raises NotFound."""
    found = Membership.objects.filter(organisation=organisation, pk=membership).first()
    if found is None:
        raise NotFound
    return found


def accounts_of(rows: Iterable[Membership]) -> dict[UUID, Account]:
    """Subject → account, in one statement."""
    subjects = [row.subject_id for row in rows]
    return {account.subject_id: account for account in Account.objects.filter(subject_id__in=subjects)}


def account_of_member(row: Membership) -> Account | None:
    """A member's account; None only while it is being erased."""
    return account_of(row.subject_id)


def invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations without an answer, the newest first; expired and void ones too, since they can be sent
    again. Each knows whether it `stands`.
    """
    return (
        Invitation.objects.filter(
            organisation=organisation, accepted_at=None, declined_at=None, withdrawn_at=None
        )
        .annotate(stands=ExpressionWrapper(standing(), output_field=BooleanField()))
        .order_by("-sent_at", "-pk")
    )


def waiting(organisation: Organisation, *, now: datetime) -> int:
    """How many invitations can still be answered."""
    return invitations(organisation).filter(standing(), expires_at__gt=now).count()


def handover(organisation: Organisation, *, now: datetime) -> Handover | None:
    """The offer that waits for an answer, if there is one."""
    return Handover.objects.filter(organisation=organisation, expires_at__gt=now).first()


def counts(organisation: Organisation, *, now: datetime) -> Counts:
    """What closing affects."""
    return Counts(
        members=Membership.objects.filter(organisation=organisation).count(),
        invitations=waiting(organisation, now=now),
    )
