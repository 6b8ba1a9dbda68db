"""Whether the machinery runs: tasks, mail, keys; codes and counts, nobody's data."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from seqlense.console.doors import OFFICER, PLATFORM, moment, staff
from seqlense.mailing.models import DeadLetter, Message
from seqlense.privacy import keystore
from seqlense.privacy.records import KeyDestruction

SILENT: Final = timedelta(minutes=1)
"""A worker says every ten seconds that it lives; after a minute of silence something is wrong."""
WAITING: Final = timedelta(minutes=10)
"""A message that has waited longer than this is worth a look."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """How the machinery is.

    worker_seen: when a worker last said that it lives; None: never. jobs: how many, by status.
    waiting: messages to be sent; oldest: since when the oldest waits. dead: letters given up lately.
    destructions: key destructions asked for and not done yet.
    """

    worker_seen: datetime | None
    jobs: Counter[str]
    waiting: int
    oldest: datetime | None
    dead: int
    destructions: int
    now: datetime

    @property
    def worker_silent(self) -> bool:
        """Whether no worker spoke lately."""
        return self.worker_seen is None or self.now - self.worker_seen > SILENT

    @property
    def mail_late(self) -> bool:
        """Whether mail has waited too long."""
        return self.oldest is not None and self.now - self.oldest > WAITING


def look(now: datetime) -> Health:
    """Five statements, whatever the size of the tables."""
    messages = Message.objects.aggregate(waiting=Count("pk"), oldest=Min("posted_at"))
    jobs = ProcrastinateJob.objects.values_list("status").annotate(number=Count("pk"))
    return Health(
        worker_seen=ProcrastinateWorker.objects.aggregate(seen=Max("last_heartbeat"))["seen"],
        jobs=Counter(dict(jobs)),
        waiting=messages["waiting"],
        oldest=messages["oldest"],
        dead=DeadLetter.objects.count(),
        destructions=KeyDestruction.objects.count(),
        now=now,
    )


@staff(PLATFORM, OFFICER)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The machinery's state, and letters that could not be sent."""
    now = moment(request)
    context = {
        "health": look(now),
        "keys": keystore.status(now=now),
        "letters": DeadLetter.objects.order_by("-at")[:50],
    }
    return render(request, "console/health.html", context)
