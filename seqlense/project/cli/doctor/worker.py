"""The worker is alive and keeps up; the nightly sweep has run."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker

from seqlense.privacy.records import RetentionRun
from seqlense.project.cli.doctor.finding import Finding, fault, fine, note, warning
from seqlense.project.cli.speech import gettext as _

NEEDS_DATABASE = True
HEARTBEAT: Final = timedelta(minutes=1)
LATE: Final = timedelta(minutes=15)
NIGHTLY: Final = timedelta(hours=36)


def examine(now: datetime) -> Iterator[Finding]:
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - HEARTBEAT).count()
    if alive:
        yield fine("worker.alive", _("{n} workers are alive.").format(n=alive))
    else:
        hint = _("Start it: seqlense worker. Without it no mail goes and nothing expires.")
        yield fault("worker.alive", _("No worker is alive."), hint)
    yield from _backlog(now)
    yield from _sweep(now)


def _backlog(now: datetime) -> Iterator[Finding]:
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=now - LATE)
    late = ProcrastinateJob.objects.filter(due, status="todo").filter(
        pk__in=ProcrastinateEvent.objects.filter(type="deferred", at__lte=now - LATE).values("job_id")
    )
    if count := late.count():
        message = _("{n} tasks have been waiting for more than a quarter of an hour.").format(n=count)
        yield warning("worker.backlog", message, _("Start more workers, or look into their journal."))


def _sweep(now: datetime) -> Iterator[Finding]:
    runs = RetentionRun.objects.filter(dry_run=False)
    last = runs.filter(status=RetentionRun.Status.DONE).order_by("-started_at").first()
    failed = runs.filter(status=RetentionRun.Status.FAILED).order_by("-started_at").first()
    if failed is not None and (last is None or failed.started_at > last.started_at):
        message = _("The last sweep failed: {code}.").format(code=failed.code)
        yield fault("worker.sweep", message, _("Run: seqlense retention run"))
    elif last is None:
        yield note("worker.sweep", _("No sweep has run yet; the worker sweeps at night."))
    elif last.started_at < now - NIGHTLY:
        message = _("The last sweep was on {day}.").format(day=last.started_at.date())
        yield fault("worker.sweep", message, _("See that the worker runs, or run: seqlense retention run"))
    else:
        yield fine("worker.sweep", _("The last sweep was on {day}.").format(day=last.started_at.date()))
