"""The same message to many people: posted in three statements a batch, counted, and called back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from seqlense.kit.identifiers import uuid7
from seqlense.mailing import declarations, tasks
from seqlense.mailing.models import LIFE, Message


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One message of many; its fields as `post` takes them. due_at: not to be tried before."""

    subject: UUID
    about: UUID
    language: str
    due_at: datetime


def post_many(template: str, parcels: Sequence[Parcel], *, now: datetime) -> None:
    """Send `template` to each, at its time, once the current transaction has committed.

    Nothing is sent if that rolls back. Raises UnknownTemplate.
    """
    declared = declarations.get(template)
    known = {code for code, _ in settings.LANGUAGES}
    messages = [
        Message(
            id=uuid7(),
            subject_id=one.subject,
            template=declared.id,
            about=one.about,
            language=one.language if one.language in known else settings.LANGUAGE_CODE,
            posted_at=now,
            due_at=max(one.due_at, now),
            expires_at=max(one.due_at, now) + LIFE,
        )
        for one in parcels
    ]
    with transaction.atomic():
        Message.objects.bulk_create(messages)
        tasks.wake_many({one.pk: one.due_at for one in messages})


def waiting(template: str, abouts: QuerySet[Any]) -> int:
    """How many messages of that kind about these rows wait. abouts: a query of one column of ids."""
    return Message.objects.filter(template=template, about__in=abouts).count()


@transaction.atomic
def call_back(template: str, abouts: QuerySet[Any], *, now: datetime) -> set[UUID]:
    """Send these no more, unless somebody is handing them over right now; answers what they were about."""
    free = Message.objects.free(now).filter(template=template, about__in=abouts)
    found = {
        one.pk: one.about
        for one in free.select_for_update(skip_locked=True).only("pk", "about").order_by("pk")
    }
    _delete(found)
    return set(found.values())


def _delete(messages: Iterable[UUID]) -> None:
    Message.objects.filter(pk__in=list(messages)).delete()
