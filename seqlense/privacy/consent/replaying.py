"""Consents given and withdrawn since a backup, again in the restored database: a line of the journal at a
time.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from seqlense.privacy import running
from seqlense.privacy.consent import keeping
from seqlense.privacy.consent.models import Kind, Receipt
from seqlense.privacy.consent.signals import changed
from seqlense.privacy.switches.lines import Line

REPLAYED: Final = ("consent.given", "consent.withdrawn")
"""Acts that a restored database goes through again."""


@transaction.atomic
def replay(raw: object, *, now: datetime) -> bool:
    """Write the receipt again, of its own date; whether anything changed. Repeating is harmless.

    Nothing is done about somebody whom this database doesn't know, or knows as erased. Switches have lines of
    their own.
    """
    line = Line.read(raw)
    receipt, purpose = line.identifier("receipt"), str(line.detail["purpose"])
    if receipt is None or line.subject is None or not line.lives():
        return False
    if keeping.find(receipt) is not None:
        return False
    given = line.kind == "consent.given"
    standing = Receipt.objects.standing().filter(subject_id=line.subject, purpose=purpose).first()
    if standing is not None and standing.at > line.at:
        return False
    if standing is not None:
        standing.ended_at = line.at
        standing.save(update_fields=["ended_at"])
    Receipt(
        id=receipt,
        subject_id=line.subject,
        at=line.at,
        kind=Kind.GIVEN if given else Kind.WITHDRAWN,
        purpose=purpose,
        how=str(line.detail["how"]),
        shown=str(line.detail.get("shown", "")),
        language=str(line.detail["language"]),
        register_version=running.enlist(now),
        previous=line.identifier("previous"),
        ended_at=None if given else line.at,
    ).save(force_insert=True)
    changed.send(sender=Receipt, subject=line.subject, purpose=purpose, given=given, now=line.at)
    line.record(now=now)
    return True
