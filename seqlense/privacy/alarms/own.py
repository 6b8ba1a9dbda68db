"""Alarms of what lies in the kernel's own tables: key destructions, requests, sweeps."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from seqlense.privacy import requests
from seqlense.privacy.alarms import Alarm
from seqlense.privacy.records import KeyDestruction, RetentionRun

WAITING: Final = timedelta(minutes=5)
"""Keys go right after the commit that asks for it; the worker looks for what is left each minute."""
NIGHTLY: Final = timedelta(hours=36)
"""A sweep runs each night; one missed night is noticed the next morning."""


def alarms(now: datetime) -> Iterator[Alarm]:
    """destructions.waiting, requests.overdue (about: the person's id), sweeps.failed and .late."""
    stuck = KeyDestruction.objects.filter(created_at__lt=now - WAITING).order_by("created_at")
    if (first := stuck.first()) is not None:
        yield Alarm("destructions.waiting", first.created_at, str(stuck.count()))
    for one in requests.overdue(now):
        yield Alarm("requests.overdue", one.received_at, str(one.subject_id))
    yield from _of_sweeps(now)


def _of_sweeps(now: datetime) -> Iterator[Alarm]:
    runs = RetentionRun.objects.filter(dry_run=False).order_by("-started_at")
    last = runs.exclude(status=RetentionRun.Status.RUNNING).first()
    if last is not None and last.status == RetentionRun.Status.FAILED:
        yield Alarm("sweeps.failed", last.started_at, last.code)
    elif last is not None and now - last.started_at > NIGHTLY:
        yield Alarm("sweeps.late", last.started_at)
