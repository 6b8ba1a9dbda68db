"""Subscribing without an account: the holder of the mailbox has the last word (double opt-in).

The page that asks for an address answers the same whether it is known or not, and so does the mail. Until it
is confirmed, the address is sealed in a row that goes after seven days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seqlense import mailing
from seqlense.accounts import throttling
from seqlense.accounts.errors import TooManyAttempts
from seqlense.accounts.models import account_of
from seqlense.audience.newsletter import agreeing, links, objecting, partners, topics
from seqlense.audience.newsletter.errors import LinkRefused, TooOften
from seqlense.audience.newsletter.models import Asked, Reader
from seqlense.kit.addresses import normalise
from seqlense.privacy import acts, subjects
from seqlense.privacy.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks for. topics: codes; partners: partners' offers too, ticked by the person."""

    topics: Sequence[str]
    language: str
    partners: bool = False


@transaction.atomic
def ask(address: str, wish: Wish, *, source: str, now: datetime) -> None:
    """Send a link that confirms. A later request replaces an earlier one.

    source: from `throttling.source`. Nothing is sent to a mailbox that got several such messages lately.
    Raises TooOften for a place that asks too often, InvalidAddress.
    """
    email = normalise(address)
    try:
        throttling.allow(throttling.MAIL_FROM, source, now=now)
    except TooManyAttempts as wait:
        raise TooOften(wait.again_in) from None
    if throttling.take(throttling.MAIL_TO, email, now=now) is not None:
        return
    subject = subjects.find_or_create("email", email, now=now)
    Asked.objects.filter(subject_id=subject).delete()
    asked = Asked(
        subject_id=subject,
        language=_known(wish.language),
        topics=topics.chosen(list(wish.topics)) or topics.ALL,
        partners=wish.partners,
        asked_at=now,
    )
    asked.email = email
    asked.save(force_insert=True)
    acts.record("newsletter.asked", actor=Actor.person(subject), now=now, subject=subject)
    mailing.post(
        template="newsletter.confirm", subject=subject, about=asked.pk, language=asked.language, now=now
    )


def look(token: str) -> Asked:
    """The request that a link confirms, as it waits. Raises LinkRefused."""
    return _read(token, lock=False)


@transaction.atomic
def confirm(token: str, *, now: datetime) -> UUID:
    """The holder of the mailbox subscribes; an earlier objection of theirs ends. Answers the subject.

    Raises LinkRefused: forged, or over (confirmed already, replaced, or past seven days).
    """
    asked = _read(token, lock=True)
    subject, actor = asked.subject_id, Actor.person(asked.subject_id)
    objecting.end(subject, actor=actor, now=now)
    account = account_of(subject)
    reader = Reader.objects.select_for_update().filter(subject_id=subject).first()
    if reader is None:
        reader = Reader(subject_id=subject, since=now)
        customer = account is not None and account.is_active
        reader.account_id = account.pk if account is not None and customer else None
        if not customer:
            reader.email = asked.email
    reader.language, reader.topics, reader.paused_until = asked.language, asked.topics, None
    reader.last_contact_at = now if reader.account_id is None else None
    reader.save()
    acts.record("newsletter.subscribed", actor=actor, now=now, subject=subject)
    agreeing.agree(
        subject,
        how="link",
        shown=agreeing.shown(asked.language),
        language=asked.language,
        actor=actor,
        now=now,
    )
    if asked.partners:
        partners.agree(subject, how="link", language=asked.language, actor=actor, now=now)
    asked.delete()
    return subject


def _read(token: str, *, lock: bool) -> Asked:
    link = links.read(token, links.CONFIRM)
    rows = Asked.objects.select_for_update() if lock else Asked.objects.all()
    found = rows.filter(pk=link.id, subject__erased_at=None).first()
    if found is None:
        raise LinkRefused("newsletter.link.over")
    return found


def _known(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else str(settings.LANGUAGE_CODE)
