"""What is wrong with the processes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max
from procrastinate.contrib.django.models import ProcrastinateWorker

from seqlense.privacy.alarms import Alarm

SILENT: Final = timedelta(minutes=1)
"""A worker says every ten seconds that it lives; after a minute of silence something is wrong."""


def alarms(now: datetime) -> Iterator[Alarm]:
    """worker.silent: nobody sends mail, sweeps, rotates keys or seals the log."""
    seen = ProcrastinateWorker.objects.aggregate(seen=Max("last_heartbeat"))["seen"]
    if seen is None or now - seen > SILENT:
        yield Alarm("worker.silent", seen)
