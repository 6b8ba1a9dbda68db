"""The consent of those who are not customers: confirmed from their mailbox, proven by a receipt.

The consent and its receipts are the kernel's. Unsubscribing ends it, and whoever ends it is unsubscribed.
"""

import hashlib
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists
from django.utils import translation
from django.utils.translation import gettext as _

from seqlense.audience.newsletter import objecting
from seqlense.audience.newsletter.models import Asked, Reader
from seqlense.privacy import consent
from seqlense.privacy.actor import Actor

PURPOSE: Final = objecting.CONSENT


def question() -> str:
    """What a person agrees to, in the language of the page."""
    return _(
        "I agree to receive the newsletter and your offers on these topics at this address. I can "
        "unsubscribe at any time, in one click."
    )


def shown(language: str) -> str:
    """A short name of the question as it was put in that language: for the receipt."""
    with translation.override(language):
        return hashlib.sha256(question().encode()).hexdigest()[:16]


def listen() -> None:
    """Hear of consents withdrawn elsewhere."""
    consent.changed.connect(_changed, dispatch_uid="newsletter.agreeing")


def agree(subject: UUID, *, how: str, shown: str, language: str, actor: Actor, now: datetime) -> None:
    """The person confirmed, here or where they come from. The arguments are those of `consent.give`."""
    consent.give(subject, PURPOSE, how=how, shown=shown, language=language, actor=actor, now=now)


def consenting() -> Exists:
    """A condition for querysets: somebody who agreed."""
    return consent.consenting(PURPOSE)


def _changed(*, subject: UUID, purpose: str, given: bool, now: datetime, **_: Any) -> None:
    """Receiver of `consent.changed`."""
    if purpose != PURPOSE or given or objecting.objected(subject):
        return
    mine = (Reader.objects.filter(subject_id=subject), Asked.objects.filter(subject_id=subject))
    if any(rows.exists() for rows in mine):
        objecting.unsubscribe(subject, actor=Actor.person(subject), now=now)
