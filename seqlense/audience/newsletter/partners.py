"""Partners' offers: only with consent, asked for by itself and never ticked beforehand (GDPR art. 4(11), 7).

The consent and its receipts are the kernel's; here is only whom to write to, for as long as it stands.
"""

import hashlib
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists
from django.utils import translation
from django.utils.translation import gettext as _

from seqlense.accounts.models import account_of
from seqlense.audience.newsletter.models import Asked, PartnerReader, Reader
from seqlense.privacy import consent
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject

PURPOSE: Final = "partner_offers"


def question() -> str:
    """What a person agrees to, in the language of the page."""
    return _(
        "Send me offers of partners too. You send them yourselves, and give my address to no partner. "
        "I can withdraw this at any time."
    )


def shown(language: str) -> str:
    """A short name of the question as it was put in that language: for the receipt."""
    with translation.override(language):
        return hashlib.sha256(question().encode()).hexdigest()[:16]


def listen() -> None:
    """Hear of consents given and withdrawn, here or elsewhere."""
    consent.changed.connect(_changed, dispatch_uid="newsletter.partners")


def agree(subject: UUID, *, how: str, language: str, actor: Actor, now: datetime) -> None:
    """The person ticked the box. how: by which act, as of `consent.give`."""
    consent.give(subject, PURPOSE, how=how, shown=shown(language), language=language, actor=actor, now=now)
    include(subject, language=language, now=now)


def withdraw(subject: UUID, *, how: str, actor: Actor, now: datetime) -> None:
    """The person takes it back; again changes nothing, and neither does somebody erased."""
    if Subject.objects.filter(pk=subject, erased_at=None).exists():
        consent.withdraw(subject, PURPOSE, how=how, actor=actor, now=now)


def consenting() -> Exists:
    """A condition for querysets: somebody who agreed."""
    return consent.consenting(PURPOSE)


def _changed(*, subject: UUID, purpose: str, given: bool, now: datetime, **_: Any) -> None:
    """Receiver of `consent.changed`."""
    if purpose != PURPOSE:
        return
    if given:
        include(subject, language="", now=now)
    else:
        PartnerReader.objects.filter(subject_id=subject).delete()


def include(subject: UUID, *, language: str, now: datetime) -> None:
    """Somebody who agreed is written to at the account's address, or at the one that they confirmed."""
    account = account_of(subject)
    reader = Reader.objects.filter(subject_id=subject).first()
    asked = Asked.objects.filter(subject_id=subject).first()
    customer = account is not None and account.is_active
    source = reader or asked
    address = None if customer or source is None else source.email
    if not customer and address is None:
        return
    row = PartnerReader.objects.filter(subject_id=subject).first() or PartnerReader(
        subject_id=subject, since=now
    )
    row.account_id = account.pk if account is not None and customer else None
    row.email = address
    row.language = language or (
        account.language if account is not None else source.language if source else "fr"
    )
    row.last_contact_at = None if customer else now
    row.save()
