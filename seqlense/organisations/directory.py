"""All organisations, for the company's staff: names, sizes and dates, and members as opaque ids and roles."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from seqlense.organisations import doors
from seqlense.organisations.errors import NotFound
from seqlense.organisations.models import Invitation, Membership, Organisation
from seqlense.organisations.roles import Role


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One organisation. members: how many people it has. closed_at, erases_at: set once it was closed."""

    organisation: UUID
    name: str
    members: int
    created_at: datetime
    closed_at: datetime | None
    erases_at: datetime | None
    second_factor: bool


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A person's place in an organisation, without a name."""

    subject: UUID
    role: Role
    joined_at: datetime


@dataclass(frozen=True, kw_only=True)
class Record:
    """One organisation with its seats, the owner's first, and how many invitations wait for an answer."""

    entry: Entry
    seats: tuple[Seat, ...]
    waiting: int


def number(matching: str = "") -> int:
    """How many organisations there are whose name contains that."""
    with doors.for_staff():
        return _named(matching).count()


def listing(matching: str = "", *, first: int = 0, last: int = 50) -> list[Entry]:
    """Organisations `first` to `last` (exclusive) by name."""
    members = Membership.objects.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    sized = _named(matching).annotate(members=Subquery(members.annotate(number=Count("pk")).values("number")))
    with doors.for_staff():
        return [_entry(row, row.members or 0) for row in sized[first:last]]


def record(organisation: UUID) -> Record:
    """One organisation. Raises NotFound."""
    with doors.for_staff():
        found = Organisation.objects.filter(pk=organisation).first()
        if found is None:
            raise NotFound
        seats = [
            Seat(subject=row.subject_id, role=Role(row.role), joined_at=row.joined_at)
            for row in Membership.objects.filter(organisation=found)
        ]
        waiting = Invitation.objects.filter(
            organisation=found, accepted_at=None, declined_at=None, withdrawn_at=None
        ).count()
    seats.sort(key=lambda seat: (seat.role is not Role.OWNER, seat.joined_at))
    return Record(entry=_entry(found, len(seats)), seats=tuple(seats), waiting=waiting)


def places_of(people: Collection[UUID] | None) -> list[tuple[UUID, str, int]]:
    """(person, role, size of the organisation) for each place in an open one; None: of everybody."""
    others = (
        Membership.objects.filter(organisation=OuterRef("organisation")).order_by().values("organisation")
    )
    places = Membership.objects.filter(organisation__closed_at=None).order_by()
    if people is not None:
        places = places.filter(subject_id__in=list(people))
    sized = places.annotate(size=Subquery(others.annotate(number=Count("pk")).values("number")))
    with doors.for_staff():
        return list(sized.values_list("subject_id", "role", "size"))


def sizes() -> Counter[str]:
    """How many organisations are "open" and "closed"."""
    with doors.for_staff():
        closed = Organisation.objects.filter(closed_at__isnull=False).count()
        return Counter(open=Organisation.objects.count() - closed, closed=closed)


def _named(matching: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(name__icontains=matching) if matching else Organisation.objects.all()


def _entry(row: Organisation, members: int) -> Entry:
    return Entry(
        organisation=row.pk,
        name=row.name,
        members=members,
        created_at=row.created_at,
        closed_at=row.closed_at,
        erases_at=row.erases_at,
        second_factor=row.second_factor_since is not None,
    )
