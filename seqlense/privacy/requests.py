"""Requests that people made under the GDPR: when an answer is due, and what was answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from seqlense.kit import periods
from seqlense.privacy import acts, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject
from seqlense.privacy.records import RightsRequest
from seqlense.privacy.switches.lines import Line

MONTHS = 1
EXTENDED_MONTHS = 3


class CannotExtend(Exception):
    """An answer may be put off once, by a letter sent within the first month (GDPR art. 12(3))."""

    code = "cannot-extend"


def due_on(received: datetime, months: int = MONTHS) -> date:
    """The last day to answer, by the calendar of the controller's country."""
    return periods.deadline(received.date(), months, running.register().controller.country)


@transaction.atomic
def receive(
    subject: UUID,
    kind: RightsRequest.Kind,
    *,
    actor: Actor,
    now: datetime,
    channel: str = "product",
    written_at: datetime | None = None,
) -> RightsRequest:
    """Note a request. channel: "product", "email" or "post".

    written_at: when it reached us, if somebody noticed only now what it is: the month runs from there
    (GDPR art. 12(3)).
    """
    received = written_at or now
    request = RightsRequest.objects.create(
        subject_id=subject,
        kind=kind,
        channel=channel,
        received_at=received,
        due_on=due_on(received),
        register_version=running.register().version,
    )
    earlier = {} if written_at is None else {"written_at": written_at.isoformat()}
    acts.record(
        "privacy.request_received", actor=actor, now=now, subject=subject, request=request.pk, right=kind,
        channel=channel, **earlier,
    )  # fmt: skip
    return request


@transaction.atomic
def answer(
    request: RightsRequest, outcome: list[dict[str, Any]], *, actor: Actor, now: datetime
) -> RightsRequest:
    """Note that it was answered, and how: codes, keys of items and dates, never the data itself."""
    request.answered_at = now
    request.outcome = outcome
    act = acts.record(
        "privacy.request_answered", actor=actor, now=now, subject=request.subject_id, request=request.pk,
        right=request.kind, outcome=outcome,
    )  # fmt: skip
    request.proof = bytes(act.salt or b"").hex()
    request.save(update_fields=["answered_at", "outcome", "proof"])
    return request


@transaction.atomic
def extend(request: RightsRequest, *, actor: Actor, now: datetime) -> RightsRequest:
    """Put the answer off by two months, once. Raises CannotExtend after the first deadline, or again."""
    if request.extended_at is not None or request.answered_at is not None or now.date() > request.due_on:
        raise CannotExtend
    request.extended_at = now
    request.due_on = due_on(request.received_at, EXTENDED_MONTHS)
    request.save(update_fields=["extended_at", "due_on"])
    acts.record(
        "privacy.request_extended", actor=actor, now=now, subject=request.subject_id, request=request.pk
    )
    return request


RECTIFIED: Final = "privacy.rectified"
REPLAYED: Final = (
    *("privacy.request_received", "privacy.request_answered", "privacy.request_extended"),
    RECTIFIED,
)
"""Acts that a restored database hears of: no request is forgotten, nor its deadline. What was corrected is
only counted, as the journal holds no values."""


@transaction.atomic
def replay(raw: object, *, now: datetime) -> bool:
    """Do a line of the journal again, as of its own date; whether anything changed. Repeating is harmless."""
    line = Line.read(raw)
    identifier = line.identifier("request")
    if identifier is None or line.subject is None or not line.lives():
        return False
    if line.kind == "privacy.request_received":
        right, channel = str(line.detail["right"]), line.detail.get("channel")
        written_at = line.detail.get("written_at")
        at = datetime.fromisoformat(str(written_at)) if written_at else line.at
        changed = restore(identifier, line.subject, right, at=at, channel=channel)
    elif line.kind == "privacy.request_answered":
        waiting = RightsRequest.objects.filter(pk=identifier, answered_at=None)
        changed = waiting.update(answered_at=line.at, outcome=line.detail.get("outcome", [])) > 0
    else:
        changed = _put_off_again(identifier, line.at)
    if changed:
        line.record(now=now)
    return changed


def restore(identifier: UUID, subject: UUID, right: str, *, at: datetime, channel: str | None = None) -> bool:
    """Write a request again that a restored database had lost, dated as it was; whether it was missing."""
    values = {
        "subject_id": subject,
        "kind": RightsRequest.Kind(right),
        "channel": channel or "product",
        "received_at": at,
        "due_on": due_on(at),
        "register_version": running.register().version,
    }
    return RightsRequest.objects.get_or_create(pk=identifier, defaults=values)[1]


def _put_off_again(identifier: UUID, at: datetime) -> bool:
    request = RightsRequest.objects.filter(pk=identifier, extended_at=None).first()
    if request is None:
        return False
    request.extended_at, request.due_on = at, due_on(request.received_at, EXTENDED_MONTHS)
    request.save(update_fields=["extended_at", "due_on"])
    return True


def rectified(subject: UUID, items: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Note, in the caller's transaction, that items ("accounts.name") were corrected (GDPR art. 16)."""
    acts.record(RECTIFIED, actor=actor, now=now, subject=subject, items=sorted(items))


def corrections_lost(journal: Iterable[object]) -> int:
    """How many people of this restored database corrected something that it doesn't know."""
    lines = (Line.read(raw) for raw in journal)
    people = {line.subject for line in lines if line.kind == RECTIFIED and line.subject is not None}
    return Subject.objects.filter(pk__in=people, erased_at=None).count()


def history(subject: UUID) -> list[RightsRequest]:
    """The person's own requests, latest first."""
    return list(RightsRequest.objects.filter(subject_id=subject))


def overdue(now: datetime) -> list[RightsRequest]:
    """Requests without an answer after their last day."""
    return list(RightsRequest.objects.filter(answered_at=None, due_on__lt=now.date()).order_by("due_on"))
