"""Requests that people made under the GDPR: when an answer is due, and what was answered."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from seqlense.kit import periods
from seqlense.privacy import acts, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import RightsRequest

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
    subject: UUID, kind: RightsRequest.Kind, *, actor: Actor, now: datetime, channel: str = "product"
) -> RightsRequest:
    """Note a request. channel: "product", "email" or "post"."""
    request = RightsRequest.objects.create(
        subject_id=subject,
        kind=kind,
        channel=channel,
        received_at=now,
        due_on=due_on(now),
        register_version=running.register().version,
    )
    acts.record(
        "privacy.request_received", actor=actor, now=now, subject=subject, request=request.pk, right=kind
    )
    return request


@transaction.atomic
def answer(
    request: RightsRequest, outcome: list[dict[str, Any]], *, actor: Actor, now: datetime
) -> RightsRequest:
    """Note that it was answered, and how: codes, keys of items and dates, never the data itself."""
    request.answered_at = now
    request.outcome = outcome
    request.save(update_fields=["answered_at", "outcome"])
    acts.record(
        "privacy.request_answered", actor=actor, now=now, subject=request.subject_id, request=request.pk,
        right=request.kind,
    )  # fmt: skip
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


def history(subject: UUID) -> list[RightsRequest]:
    """The person's own requests, latest first."""
    return list(RightsRequest.objects.filter(subject_id=subject))


def overdue(now: datetime) -> list[RightsRequest]:
    """Requests without an answer after their last day."""
    return list(RightsRequest.objects.filter(answered_at=None, due_on__lt=now.date()).order_by("due_on"))
