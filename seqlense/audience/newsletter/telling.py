"""Readers without an account see no banner: what changes in the use of their data is told by message."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any
from uuid import UUID

from seqlense import mailing
from seqlense.audience.newsletter.models import Addressee, PartnerReader, Reader
from seqlense.privacy.publishing import signals

TEMPLATES: dict[type[Addressee], str] = {
    Reader: "newsletter.notices",
    PartnerReader: "newsletter.partner_notices",
}


def listen() -> None:
    """Hear of versions of the notices."""
    signals.telling.connect(_tell, dispatch_uid="newsletter.telling")


def _tell(*, waiting: MutableMapping[UUID, UUID], now: datetime, **_: Any) -> None:
    """Receiver of `signals.telling`: once to each, whatever they receive from us."""
    for model, template in TEMPLATES.items():
        found = model._default_manager.filter(subject_id__in=list(waiting), account=None)
        parcels = [
            mailing.Parcel(
                subject=one.subject_id, about=waiting.pop(one.subject_id), language=one.language, due_at=now
            )
            for one in found.only("subject_id", "language")
        ]
        if parcels:
            mailing.post_many(template, parcels, now=now)
