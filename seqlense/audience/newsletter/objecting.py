"""Unsubscribing is the objection of GDPR art. 21(2): one fact, wherever it is said.

Said by a link in a message, in the settings or under My data, it is a switch of the kernel; what follows here
is the same: the row to write to goes, and a keyed digest of the address stays so that no list brings it back.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seqlense.accounts import digests
from seqlense.accounts.models import Account, account_of
from seqlense.audience.newsletter import doors
from seqlense.audience.newsletter.models import Asked, Objection, Reader
from seqlense.audience.newsletter.topics import ALL
from seqlense.kit.addresses import normalise
from seqlense.privacy import acts, signals, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import giving
from seqlense.privacy.models import Subject
from seqlense.privacy.switches import Kind, Switch

ACTIVITY: Final = "newsletter"
CONSENT: Final = "newsletter"
"""The consent purpose under which somebody without an account subscribes; it ends with the objection."""


def listen() -> None:
    """Hear what is switched elsewhere."""
    signals.switched.connect(_switched, dispatch_uid="newsletter.objecting")


@transaction.atomic
def unsubscribe(subject: UUID, *, actor: Actor, now: datetime, channel: str = "product") -> bool:
    """Object to the newsletter and to the company's offers; again changes nothing.

    False where nothing is known of that person any more: then there is nobody to write to either.
    """
    try:
        switches.set(Kind.OBJECTION, subject, ACTIVITY, actor=actor, now=now, channel=channel)
    except switches.NotOffered:
        return False
    return True


def end(subject: UUID, *, actor: Actor, now: datetime) -> None:
    """The person wants to be written to again, and said so themselves."""
    for one in _objections(subject):
        switches.lift(one.pk, actor=actor, now=now)
    Objection.objects.filter(subject_id=subject).delete()


def objected(subject: UUID) -> bool:
    """Whether that person unsubscribed."""
    return bool(_objections(subject)) or Objection.objects.filter(subject_id=subject).exists()


def remembered(address: str) -> bool:
    """Whether whoever holds that address unsubscribed, even if all else about them is gone."""
    email = normalise(address)
    known = [_digest(email, key) for key in _keys()]
    return Objection.objects.filter(digest__in=known).exists() or doors.archived(known)


def digest(address: str) -> bytes:
    """The keyed digest under which an unsubscribed address is remembered."""
    return _digest(normalise(address))


def _digest(email: str, key: str = "") -> bytes:
    return digests.mac("newsletter.objection", email, key=key)


def _keys() -> list[str]:
    return [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _objections(subject: UUID) -> list[Switch]:
    mine = Switch.objects.in_force().filter(subject_id=subject, activity=ACTIVITY, kind=Kind.OBJECTION)
    return list(mine)


def _switched(*, subject: UUID, switch: Switch, now: datetime, **_: Any) -> None:
    """Receiver of `signals.switched`."""
    if switch.activity != ACTIVITY or switch.kind != Kind.OBJECTION:
        return
    if switch.until is None:
        _forget(subject, now=now)
    elif not _objections(subject):
        Objection.objects.filter(subject_id=subject).delete()
        account = account_of(subject)
        if account is not None and account.is_active:
            include(account, now=now)


def _forget(subject: UUID, *, now: datetime) -> None:
    """The address and the choices go; the objection's digest stays."""
    reader = Reader.objects.select_related("account").filter(subject_id=subject).first()
    account = account_of(subject) if reader is None else None
    address = reader.address if reader is not None else account.email if account is not None else None
    Reader.objects.filter(subject_id=subject).delete()
    Asked.objects.filter(subject_id=subject).delete()
    giving.end(subject, CONSENT, how="objection", actor=Actor.person(subject), now=now)
    if address is not None and not Objection.objects.filter(subject_id=subject).exists():
        Objection.objects.create(subject_id=subject, digest=digest(address), unsubscribed_at=now)
    acts.record("newsletter.unsubscribed", actor=Actor.person(subject), now=now, subject=subject)


def include(account: Account, *, now: datetime) -> None:
    """A customer, told at sign-up, is written to unless they object (art. L34-5 CPCE, § 7(3) UWG)."""
    if objected(account.subject_id):
        return
    Subject.objects.select_for_update().get(pk=account.subject_id)
    Reader.objects.get_or_create(
        subject_id=account.subject_id,
        defaults={
            "account_id": account.pk,
            "language": account.language,
            "topics": ALL,
            "since": now,
        },
    )
