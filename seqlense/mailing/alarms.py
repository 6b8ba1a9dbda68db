"""What is wrong with the mail."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from seqlense.mailing.models import DeadLetter, Message
from seqlense.privacy.alarms import Alarm

WAITING: Final = timedelta(minutes=10)
"""A message that has waited longer than this is worth a look."""
LATELY: Final = timedelta(days=1)


def alarms(now: datetime) -> Iterator[Alarm]:
    """mail.late (about: how many wait), mail.given-up (about: how many in the last day)."""
    late = Message.objects.filter(posted_at__lt=now - WAITING).order_by("posted_at")
    if (first := late.first()) is not None:
        yield Alarm("mail.late", first.posted_at, str(late.count()))
    dead = DeadLetter.objects.filter(at__gt=now - LATELY).order_by("at")
    if (letter := dead.first()) is not None:
        yield Alarm("mail.given-up", letter.at, str(dead.count()))
