"""What the lists ask. Each is a fixed number of statements, however many requests there are."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import CharField, Count, Prefetch, Q, QuerySet
from django.db.models.functions import Cast, Right
from django.utils.timezone import localdate

from seqlense.accounts import staff
from seqlense.accounts.models import Account
from seqlense.privacy import running, subjects
from seqlense.support.doors import staffs
from seqlense.support.models import (
    ACTIVITY,
    CONFIRMED,
    IN_STATE,
    WAITING,
    Attachment,
    Message,
    Note,
    Request,
    State,
)

SLOW: Final = timedelta(days=3)
"""A request that waits for us longer than this is late."""


def own(subject: UUID) -> list[Request]:
    """A person's requests, the latest first."""
    return list(Request.objects.filter(CONFIRMED, subject_id=subject))


def conversation(request: Request) -> list[Message]:
    """All that was said, with the files, in its order."""
    files = Prefetch("attachments", queryset=Attachment.objects.all())
    return list(Message.objects.filter(request=request).prefetch_related(files))


def notes(request: Request) -> list[Note]:
    """What staff noted."""
    return list(Note.objects.filter(request=request))


def of_address(address: str) -> QuerySet[Request]:
    """What somebody asked from that address, as staff see it. Raises InvalidHandle."""
    subject = subjects.find("email", address)
    return _sorted(staffs().filter(subject_id=subject) if subject else Request.objects.none())


def called_by(reference: str) -> QuerySet[Request]:
    """Those that a reference stands for, as staff see them: one, or by a rare chance two."""
    tail = Right(Cast("pk", CharField()), len(reference))
    return _sorted(staffs().annotate(tail=tail).filter(tail=reference.lower()))


def _sorted(rows: QuerySet[Request]) -> QuerySet[Request]:
    return rows.annotate(files=Count("attachments")).order_by("-wrote_at", "-pk")


def goes_on(request: Request) -> date | None:
    """The day a closed request goes, by the running register; None while it is open."""
    ends = [
        rule.after.add_to(request.closed_at)
        for rule in running.register().activities[ACTIVITY].retention
        if rule.event == "request_closed" and request.closed_at is not None
    ]
    return localdate(max(ends)) if ends else None


def inbox(state: State | None, assignee: UUID | None) -> QuerySet[Request]:
    """Requests as staff see them; those that wait for us the oldest first. None: whatever state, whoever."""
    rows = staffs().annotate(files=Count("attachments"))
    if state is not None:
        rows = rows.filter(IN_STATE[state])
    if assignee is not None:
        rows = rows.filter(assignee_id=assignee)
    oldest_first = state in (State.NEW, State.OURS)
    return rows.order_by("wrote_at", "pk") if oldest_first else rows.order_by("-wrote_at", "-pk")


def numbers() -> Mapping[State, int]:
    """How many there are in each state."""
    shown = [one for one in State if one is not State.UNCONFIRMED]
    counted = staffs().aggregate(**{one.value: Count("pk", filter=IN_STATE[one]) for one in shown})
    return {one: counted[one.value] for one in shown}


def out_of_reach() -> int:
    """How many open ones nobody may read, as their authors limited this use."""
    everything = Request.objects.filter(CONFIRMED, closed_at=None).count()
    return everything - staffs().filter(closed_at=None).count()


def oldest_waiting() -> Request | None:
    """Of those that wait for us, the one that has waited longest."""
    return staffs().filter(WAITING).order_by("wrote_at").first()


def late(now: datetime) -> int:
    """How many have waited for us too long."""
    return staffs().filter(WAITING, wrote_at__lt=now - SLOW).count()


def team() -> list[Account]:
    """Everybody of the staff, once."""
    return list({one.pk: one for role in staff.Role for one in staff.members(role)}.values())


def called(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """Members of staff by their subjects → what they are called. One statement."""
    wanted = {one for one in people if one is not None}
    return {one.subject_id: one.called for one in Account.objects.filter(Q(subject_id__in=wanted))}
