"""What a person receives, as they set it: by a link in a message, or signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seqlense.accounts.models import account_of
from seqlense.audience.newsletter import objecting, partners, topics
from seqlense.audience.newsletter.errors import NotSubscribed
from seqlense.audience.newsletter.models import Objection, PartnerReader, Reader
from seqlense.kit.periods import Period
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject

PAUSES: Final = {"1": Period.parse("P1M"), "3": Period.parse("P3M"), "6": Period.parse("P6M")}
"""How long a pause can be, by the number of months."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What somebody receives. address: where, in full; "" if nowhere.

    reads: gets the newsletter or some topics of it. partners: gets partners' offers. customer: may subscribe
    again without a new mail. since_objection: when they unsubscribed.
    """

    address: str
    reads: bool
    topics: tuple[str, ...]
    language: str
    paused_until: datetime | None
    partners: bool
    customer: bool
    since_objection: datetime | None


def look(subject: UUID, *, now: datetime) -> Standing:
    """What that person receives now; nothing at all for somebody unknown or erased."""
    alive = Subject.objects.filter(pk=subject, erased_at=None).exists()
    reader = Reader.objects.select_related("account").filter(subject_id=subject).first() if alive else None
    partner = (
        PartnerReader.objects.select_related("account").filter(subject_id=subject).first() if alive else None
    )
    account = account_of(subject) if alive else None
    customer = account is not None and account.is_active
    known = reader or partner
    address = (known.address if known is not None else account.email if account and customer else "") or ""
    paused = reader.paused_until if reader is not None else None
    ended = Objection.objects.filter(subject_id=subject).order_by("-unsubscribed_at").first()
    return Standing(
        address=address,
        reads=reader is not None,
        topics=tuple(topics.chosen(reader.topics)) if reader is not None else (),
        language=known.language if known is not None else account.language if account else "fr",
        paused_until=paused if paused is not None and paused > now else None,
        partners=partner is not None,
        customer=customer,
        since_objection=ended.unsubscribed_at if ended is not None else None,
    )


def masked(address: str) -> str:
    """ "c…@example.com": enough to know one's own, too little for whoever finds a forwarded message."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…{at}{domain}" if at else ""


@transaction.atomic
def choose(subject: UUID, *, topics_wanted: list[str], language: str, actor: Actor, now: datetime) -> None:
    """Set topics and language. None of the topics is the same as unsubscribing. Raises NotSubscribed."""
    wanted = topics.chosen(topics_wanted)
    reader = _mine(subject)
    if not wanted:
        objecting.unsubscribe(subject, actor=actor, now=now)
        return
    reader.topics = wanted
    reader.language = language if language in dict(settings.LANGUAGES) else reader.language
    _touch(reader, now)
    reader.save(update_fields=["topics", "language", "last_contact_at"])
    PartnerReader.objects.filter(subject_id=subject).update(language=reader.language)
    acts.record("newsletter.chosen", actor=actor, now=now, subject=subject, topics=wanted)


@transaction.atomic
def pause(subject: UUID, months: str, *, actor: Actor, now: datetime) -> datetime:
    """Send nothing for 1, 3 or 6 months. Raises NotSubscribed."""
    reader = _mine(subject)
    if months not in PAUSES:
        raise NotSubscribed("newsletter.pause.unknown")
    reader.paused_until = PAUSES[months].add_to(now)
    _touch(reader, now)
    reader.save(update_fields=["paused_until", "last_contact_at"])
    acts.record("newsletter.paused", actor=actor, now=now, subject=subject, months=months)
    return reader.paused_until


@transaction.atomic
def go_on(subject: UUID, *, actor: Actor, now: datetime) -> None:
    """End a pause. Raises NotSubscribed."""
    reader = _mine(subject)
    reader.paused_until = None
    _touch(reader, now)
    reader.save(update_fields=["paused_until", "last_contact_at"])
    acts.record("newsletter.resumed", actor=actor, now=now, subject=subject)


@transaction.atomic
def come_back(subject: UUID, *, actor: Actor, now: datetime) -> None:
    """A customer, signed in, subscribes again. Raises NotSubscribed for somebody without an account."""
    account = account_of(subject)
    if account is None or not account.is_active:
        raise NotSubscribed
    objecting.end(subject, actor=actor, now=now)
    objecting.include(account, now=now)


@transaction.atomic
def stop_all(subject: UUID, *, how: str, actor: Actor, now: datetime) -> None:
    """Neither newsletter nor offers of any kind any more. how: by which act, as receipts say it."""
    objecting.unsubscribe(subject, actor=actor, now=now)
    partners.withdraw(subject, how=how, actor=actor, now=now)


def _mine(subject: UUID) -> Reader:
    found = Reader.objects.select_for_update().filter(subject_id=subject, subject__erased_at=None).first()
    if found is None:
        raise NotSubscribed
    return found


def _touch(reader: Reader, now: datetime) -> None:
    """The person was here: three years count anew, for who has no account."""
    reader.last_contact_at = now if reader.account_id is None else None
