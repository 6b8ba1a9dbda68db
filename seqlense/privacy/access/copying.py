"""A person takes a copy of all that is held about them: request, answer and proof in one act."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seqlense.privacy import requests
from seqlense.privacy.access.package import package
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import RightsRequest


@transaction.atomic
def copy_of(subject: UUID, *, actor: Actor, now: datetime, channel: str = "product") -> bytes:
    """The person's ZIP (GDPR art. 15(3), 20), with the request itself inside it, noted as answered at once.

    channel: how the request came, "product", "email" or "post".
    """
    request = requests.receive(subject, RightsRequest.Kind.ACCESS, actor=actor, now=now, channel=channel)
    requests.answer(request, [], actor=actor, now=now)
    return package(subject, actor=actor, now=now)
