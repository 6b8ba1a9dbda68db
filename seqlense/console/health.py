"""Whether the machinery runs: tasks and mail; codes and counts, nobody's data."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from seqlense.console import attention
from seqlense.console.doors import OFFICER, PLATFORM, moment, staff
from seqlense.mailing.models import DeadLetter, Message
from seqlense.privacy.records import KeyDestruction

LETTERS: Final = 50


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


def look() -> Health:
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
    )


@staff(PLATFORM, OFFICER)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The machinery's state, and letters that could not be sent."""
    context = {
        "alarms": attention.of(moment(request), "worker", "mail", "destructions"),
        "health": look(),
        "letters": DeadLetter.objects.order_by("-at")[:LETTERS],
    }
    return render(request, "console/health.html", context)
