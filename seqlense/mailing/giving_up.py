"""What can't be delivered: a dead letter that names nobody stays for the operator, and the room is told."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seqlense.mailing import declarations
from seqlense.mailing.models import DeadLetter, Message
from seqlense.mailing.sender import Failure


@transaction.atomic
def bury(messages: Mapping[Message, Failure], *, now: datetime) -> None:
    """Leave a dead letter for each, and tell the rooms that posted them; the caller deletes the rows."""
    DeadLetter.objects.bulk_create(
        DeadLetter(
            message=one.pk,
            template=one.template,
            code=failure.code,
            status=failure.status,
            attempts=one.attempts,
            at=now,
        )
        for one, failure in messages.items()
    )
    abouts: dict[str, list[UUID]] = defaultdict(list)
    for one in messages:
        abouts[one.template].append(one.about)
    declared = declarations.declared()
    for template, found in abouts.items():
        # A message may outlive the room that posted it: then there is nobody to tell.
        if template in declared and (tell := declared[template].given_up) is not None:
            tell(found)
