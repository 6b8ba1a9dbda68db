"""What the room tidies by itself: lost wake-ups, messages past their life, old dead letters, stale jobs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from seqlense.mailing import giving_up
from seqlense.mailing.models import DeadLetter, Message
from seqlense.mailing.sender import Failure

GRACE: Final = timedelta(minutes=2)
BATCH: Final = 500
DEAD_LETTERS_KEPT: Final = timedelta(days=30)


def lock(message: UUID) -> str:
    """What keeps a message from being woken twice."""
    return f"mailing:{message}"


def lost(*, now: datetime) -> Iterable[UUID]:
    """Messages whose time came and that no task is waiting for, the oldest first, a batch at a time."""
    key = Concat(Value("mailing:"), Cast(OuterRef("pk"), CharField()))
    waiting = ProcrastinateJob.objects.filter(queueing_lock=key, status=Status.TODO.value)
    overdue = Message.objects.overdue(now, by=GRACE).filter(~Exists(waiting))
    return list(overdue.order_by("due_at").values_list("pk", flat=True)[:BATCH])


def clear(*, now: datetime) -> int:
    """Give up what is past its life though no worker got to it, drop old dead letters; how many expired."""
    with transaction.atomic():
        expired = list(
            Message.objects.free(now).filter(expires_at__lte=now).select_for_update(skip_locked=True)[:BATCH]
        )
        giving_up.bury(
            {one: Failure(code=one.last_code or "mailing.expired", permanent=True) for one in expired},
            now=now,
        )
        Message.objects.filter(pk__in=[one.pk for one in expired]).delete()
    DeadLetter.objects.filter(at__lte=now - DEAD_LETTERS_KEPT).delete()
    return len(expired)


def forget_dead_jobs(queue: str) -> None:
    """Delete the jobs of killed workers; the messages themselves come back when their lease lapses."""
    for job in async_to_sync(app.job_manager.get_stalled_jobs)(queue=queue):
        if job.id is not None:
            async_to_sync(app.job_manager.finish_job_by_id_async)(job.id, Status.FAILED, delete_job=True)
