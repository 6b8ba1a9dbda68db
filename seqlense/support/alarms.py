"""What waits in the inbox, for those in charge: told at once, again each day, and never by name."""

from collections.abc import Iterator
from datetime import datetime

from seqlense.privacy.alarms import Alarm
from seqlense.support import queries


def alarms(now: datetime) -> Iterator[Alarm]:
    """support.waiting: somebody waits for an answer. support.late (about: how many): for over three days."""
    oldest = queries.oldest_waiting()
    if oldest is None:
        return
    yield Alarm("support.waiting", oldest.wrote_at)
    if late := queries.late(now):
        yield Alarm("support.late", oldest.wrote_at, str(late))
