"""What is wrong with the published notices."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from seqlense.privacy.alarms import Alarm
from seqlense.privacy.publishing import versions
from seqlense.privacy.publishing.models import Telling

STUCK: Final = timedelta(hours=1)
"""Messages are posted each minute while any wait."""


def alarms(now: datetime) -> Iterator[Alarm]:
    """notices.unpublished: what runs isn't what was published (about: kinds of people who must be told).

    notices.untold: nobody has been written to for an hour although people wait for it.
    """
    waiting = versions.pending()
    if waiting is not None and waiting.last is not None:
        difference = waiting.weighed.difference
        told = sorted(who.value for who in difference.told) if difference else []
        for who in told or [""]:
            yield Alarm("notices.unpublished", waiting.since, who)
    for one in Telling.objects.filter(finished_at=None, moved_at__lt=now - STUCK).select_related("version"):
        yield Alarm("notices.untold", one.moved_at, str(one.version.number))
