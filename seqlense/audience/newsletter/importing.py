"""Subscribers who confirmed elsewhere, brought over from another tool. Who unsubscribed here stays out.

A list alone is no consent (GDPR art. 7(1)): it comes with what its people read, when they agreed and where
the proof of each is kept, which receipts cite. An address remembered as unsubscribed comes back by
its holder's own double opt-in alone, and partners' offers are never imported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from seqlense.accounts.models import account_of
from seqlense.audience.newsletter import agreeing, objecting, topics, wording
from seqlense.audience.newsletter.errors import InvalidText
from seqlense.audience.newsletter.models import LONGEST_PROOF, BroughtOver, Reader
from seqlense.kit.addresses import InvalidAddress, normalise
from seqlense.privacy import acts, subjects, switches
from seqlense.privacy.actor import Actor

AT_ONCE: Final = 500
LEAST: Final = 20
"""Characters below which a text proves nothing."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How the people of a list agreed; as `BroughtOver` keeps it."""

    tool: str
    question: str
    agreed_from: date
    agreed_until: date
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a list's lines. objected: unsubscribed, or use limited; malformed: no address."""

    added: int
    known: int
    objected: int
    malformed: int


@transaction.atomic
def bring_in(lines: Sequence[str], *, proof: Proof, language: str, actor: Actor, now: datetime) -> Imported:
    """Add those who are neither here nor unsubscribed; the same list twice adds nobody.

    Raises InvalidText for more than `AT_ONCE` lines, and for a proof that proves nothing.
    """
    if len(lines) > AT_ONCE:
        raise InvalidText("addresses", "too-long")
    brought = _list(proof, actor=actor, now=now)
    counted = dict.fromkeys(("added", "known", "objected", "malformed"), 0)
    for line in lines:
        counted[_bring(line, brought, language, actor=actor, now=now)] += 1
    BroughtOver.objects.filter(pk=brought.pk).update(**counted)
    acts.record("newsletter.imported", actor=actor, now=now, list=brought.pk, lines=counted)
    return Imported(**counted)


def _list(proof: Proof, *, actor: Actor, now: datetime) -> BroughtOver:
    if proof.agreed_from > proof.agreed_until or proof.agreed_until > now.date():
        raise InvalidText("agreed_until", "dates")
    return BroughtOver.objects.create(
        tool=wording.check_subject(proof.tool, "tool"),
        question=_said(proof.question, "question"),
        agreed_from=proof.agreed_from,
        agreed_until=proof.agreed_until,
        evidence=_said(proof.evidence, "evidence"),
        at=now,
        by_id=actor.subject,
    )


def _said(value: str, field: str) -> str:
    if len(value) > LONGEST_PROOF:
        raise InvalidText(field, "too-long")
    said = wording.clean_text(value, field)
    if len(said) < LEAST:
        raise InvalidText(field, "too-short")
    return said


def _bring(line: str, brought: BroughtOver, language: str, *, actor: Actor, now: datetime) -> str:
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
        brought_over=brought,
        last_contact_at=None if customer else now,
    )
    if not customer:
        reader.email = email
    reader.save(force_insert=True)
    agreeing.agree(
        subject, how="brought_over", shown=str(brought.pk), language=language, actor=actor, now=now
    )
    acts.record("newsletter.brought_in", actor=actor, now=now, subject=subject, list=brought.pk)
    return "added"
