"""Post a message: remember by opaque ids that it must be sent; the worker wakes on commit."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seqlense.mailing import declarations, tasks
from seqlense.mailing.models import LIFE, Message


def post(*, template: str, subject: UUID, about: UUID, language: str, now: datetime) -> UUID:
    """Send `template` to a subject, in the language given, soon after the current transaction commits.

    `about` is what the template's `address` and `context` will be asked with. Nothing is sent if the
    transaction rolls back. Answers the message's opaque id. Raises UnknownTemplate.
    """
    declared = declarations.get(template)
    known = {code for code, _ in settings.LANGUAGES}
    with transaction.atomic():
        message = Message.objects.create(
            subject_id=subject,
            template=declared.id,
            about=about,
            language=language if language in known else settings.LANGUAGE_CODE,
            posted_at=now,
            due_at=now,
            expires_at=now + LIFE,
        )
        tasks.wake(message.pk)
    return message.pk
