"""Subscribers who confirmed elsewhere, brought over from another tool. Who unsubscribed here stays out.

A list is no consent: an address that is remembered as unsubscribed comes back by its holder's own double
opt-in alone, and partners' offers are never imported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from seqlense.accounts.models import account_of
from seqlense.audience.newsletter import objecting, topics
from seqlense.audience.newsletter.errors import InvalidText
from seqlense.audience.newsletter.models import Reader
from seqlense.kit.addresses import InvalidAddress, normalise
from seqlense.privacy import acts, subjects, switches
from seqlense.privacy.actor import Actor

AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a list's lines. objected: unsubscribed, or use limited; malformed: no address."""

    added: int
    known: int
    objected: int
    malformed: int


@transaction.atomic
def bring_in(lines: Sequence[str], *, language: str, actor: Actor, now: datetime) -> Imported:
    """Add those who are neither here nor unsubscribed; the same list twice adds nobody.

    Raises InvalidText for more than `AT_ONCE` lines.
    """
    if len(lines) > AT_ONCE:
        raise InvalidText("addresses", "too-long")
    counted = dict.fromkeys(("added", "known", "objected", "malformed"), 0)
    for line in lines:
        counted[_bring(line, language, actor=actor, now=now)] += 1
    acts.record("newsletter.imported", actor=actor, now=now, lines=counted)
    return Imported(**counted)


def _bring(line: str, language: str, *, actor: Actor, now: datetime) -> str:
    try:
        email = normalise(line)
    except InvalidAddress:
        return "malformed"
    if objecting.remembered(email):
        return "objected"
    subject = subjects.find_or_create("email", email, now=now)
    if objecting.objected(subject) or switches.barred(subject, objecting.ACTIVITY) is not None:
        return "objected"
    if Reader.objects.filter(subject_id=subject).exists():
        return "known"
    account = account_of(subject)
    customer = account is not None and account.is_active
    reader = Reader(
        subject_id=subject,
        account_id=account.pk if account is not None and customer else None,
        language=language,
        topics=topics.ALL,
        since=now,
        last_contact_at=None if customer else now,
    )
    if not customer:
        reader.email = email
    reader.save(force_insert=True)
    acts.record("newsletter.brought_in", actor=actor, now=now, subject=subject)
    return "added"
