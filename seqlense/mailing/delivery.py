"""One attempt to send one message: claim, compose, hand over, forget.

At least once: a worker killed between the server's yes and our deletion leaves the message to be sent again,
with the same Message-ID, by whoever finds its lease lapsed. Nothing lies between the two but that deletion.
"""

import logging
import time
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from seqlense.mailing import composing, declarations, giving_up
from seqlense.mailing.composing import Letter
from seqlense.mailing.declarations import MailTemplate
from seqlense.mailing.errors import MailingError
from seqlense.mailing.models import Message
from seqlense.mailing.sender import Failure, hand_over
from seqlense.privacy import plans, running, switches
from seqlense.privacy.errors import Erased

logger = logging.getLogger(__name__)

EXPIRED: Final = "mailing.expired"
PAUSE, TRIES = 0.2, 600
"""Seconds between two tries to delete what was sent, and how many: together less than a lease."""


def attempt(identifier: UUID, *, now: datetime) -> datetime | None:
    """Try to send one message. Answers when to try again, or None when there is nothing left to do.

    Never raises for anything that happens to the message itself, since an exception could carry what it
    was about; only the database's own failures pass through.
    """
    with plans.kept():
        return _attempt(identifier, now)


def _attempt(identifier: UUID, now: datetime) -> datetime | None:
    message = Message.objects.claim(identifier, now=now)
    if message is None:
        return None
    if now >= message.expires_at:
        return _settle(message, Failure(code=message.last_code or EXPIRED, permanent=True), now)
    letter = _compose(message, now)
    if letter is None:  # erased, or what it spoke of is gone
        Message.objects.filter(pk=message.pk).delete()
        return None
    if isinstance(letter, Failure):
        return _settle(message, letter, now)
    failure = hand_over(
        settings.SEQLENSE_RELAY, letter.envelope, letter.message, taken=lambda: _forget(message)
    )
    return _settle(message, failure, now) if failure is not None else None


def _forget(message: Message) -> None:
    """The server has it. A database that is away just then is waited for: else the message would go twice."""
    for _ in range(TRIES):
        try:
            Message.objects.filter(pk=message.pk).delete()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(PAUSE)
        else:
            return


def _compose(message: Message, now: datetime) -> Letter | Failure | None:
    """The finished letter, why there is none, or None when there is nothing to write about any more."""
    try:
        with transaction.atomic():
            return _letter(message, now)
    except MailingError as error:
        return Failure(code=error.code)
    except Erased:  # the keys went while we looked
        return None
    except Exception as error:  # noqa: BLE001 (a room's code, whose exceptions may quote the person it wrote about)
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place is not None else "?"
        logger.error(
            "mailing.composition.failed message=%s template=%s error=%s at=%s",
            message.pk,
            message.template,
            type(error).__name__,
            where,
        )
    return Failure(code="mailing.composition.failed")


def _letter(message: Message, now: datetime) -> Letter | None:
    if message.subject.erased_at is not None:
        return None
    template = declarations.get(message.template)
    if _barred(template, message.subject_id):
        logger.info("mailing.barred message=%s template=%s", message.pk, message.template)
        return None
    controller = running.register().controller
    with composing.speaking(message.language):
        recipient = template.address(message.about)
        context = template.context(message.about) if recipient else None
    if not recipient or context is None:
        return None
    words = composing.render(template, context, language=message.language, controller=controller)
    return composing.compose(
        words,
        recipient=recipient,
        reference=message.pk,
        language=message.language,
        controller=controller,
        now=now,
        written=template.written,
        headers=template.headers(context) if template.headers else None,
    )


def _barred(template: MailTemplate, subject: UUID) -> bool:
    """Whether the person limited, or objected to, what this message is or uses; what is owed goes anyway."""
    if template.in_spite or switches.is_owed(template.activity):
        return False
    barred = switches.barred_among([subject]).get(subject, frozenset())
    return not barred.isdisjoint({template.activity, template.item.split(".")[0]})


def _settle(message: Message, failure: Failure, now: datetime) -> datetime | None:
    """After a failure: put it off, or give it up and leave a dead letter that names nobody."""
    logger.warning(
        "%s status=%s message=%s template=%s attempt=%d",
        failure.code,
        failure.status or "-",
        message.pk,
        message.template,
        message.attempts,
    )
    mine = Message.objects.filter(pk=message.pk, attempts=message.attempts)
    if not failure.permanent:
        due_at = message.next_attempt(now)
        kept = mine.update(due_at=due_at, leased_until=None, last_code=failure.code)
        return due_at if kept else None
    with transaction.atomic():
        deleted, _ = mine.delete()
        if deleted:
            giving_up.bury({message: failure}, now=now)
    return None
