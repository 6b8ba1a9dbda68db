"""The kernel's regular work, as tasks of the worker. The kernel itself knows no task queue."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.conf import settings
from django.dispatch import receiver
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from seqlense.kit import clock
from seqlense.mailing import tasks as mailing
from seqlense.privacy import backups, destruction, keystore, log, proofs, retention, search, signals, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.backups.errors import BackupError
from seqlense.privacy.consent import pictures
from seqlense.privacy.keystore import signals as keystore_signals
from seqlense.privacy.keystore.errors import KeystoreError, RotationRunning
from seqlense.privacy.log.errors import LogError
from seqlense.privacy.publishing import telling

logger = logging.getLogger(__name__)
QUEUE: Final = "privacy"
DESTROYING: Final = "privacy.destroy_keys"
ATTEMPTS: Final = 3
MARGIN: Final = timedelta(days=2)
"""For which the journal outlives the oldest backup."""


@receiver(signals.destroying, dispatch_uid="seqlense.project.tasks")
def ask_the_worker(**_: Any) -> None:
    """Should this process die between its commit and the keys' end, the worker ends them."""
    destroy_keys.defer()


@app.periodic(cron="* * * * *")
@app.task(name=DESTROYING, queue=QUEUE)
def destroy_keys(timestamp: int = 0) -> None:
    """At once after each commit that asks for it, and each minute for what a killed process left."""
    destruction.drain()


@app.periodic(cron="* * * * *")
@app.task(name="project.resume", queue=QUEUE, queueing_lock="project.resume")
def resume(timestamp: int) -> None:
    """Each minute: what a killed worker had begun is begun again; else a sweep's lock keeps out the next.

    Mail has a rule of its own, as each message has a lease. Whatever has failed thrice is left alone.
    """
    jobs = app.job_manager
    for job in async_to_sync(jobs.get_stalled_jobs)():
        if job.id is None or job.queue == mailing.QUEUE:
            continue
        waiting = job.queueing_lock and ProcrastinateJob.objects.filter(
            queueing_lock=job.queueing_lock, status=Status.TODO.value
        )
        if job.attempts < ATTEMPTS and not (waiting and waiting.exists()):
            async_to_sync(jobs.retry_job_by_id_async)(job.id, retry_at=clock.now())
        else:
            async_to_sync(jobs.finish_job_by_id_async)(job.id, Status.FAILED, delete_job=True)


@app.periodic(cron="17 2 * * *")
@app.task(name="privacy.sweep", queue=QUEUE, queueing_lock="privacy.sweep", lock="privacy.sweep")
def sweep(timestamp: int) -> None:
    """Each night: what the register says is due goes; the log's journal forgets what no backup needs."""
    now = clock.now()
    retention.run(now=now, actor=Actor.system("retention"))
    try:
        log.forget_old(before=now - timedelta(days=settings.SEQLENSE_BACKUP_DAYS) - MARGIN)
    except LogError as fault:
        logger.error("The log's journal wasn't shortened: %s", fault.code)


@app.periodic(cron="37 * * * *")
@app.task(name="privacy.lift_limits", queue=QUEUE, queueing_lock="privacy.lift_limits")
def lift_limits(timestamp: int) -> None:
    """Each hour: limits whose end people were told of beforehand end."""
    switches.lift_due(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="notices.tell", queue=QUEUE, queueing_lock="notices.tell", lock="notices.tell")
def tell_of_notices(timestamp: int) -> None:
    """Each minute while a published version waits: the next people whom it concerns are written to."""
    telling.go_on(now=clock.now())


@app.periodic(cron="7 * * * *")
@app.task(name="privacy.rotate_keys", queue=QUEUE, queueing_lock="privacy.rotate_keys")
def rotate_keys(timestamp: int) -> None:
    """Each hour: a new epoch if the last has lasted long enough, or the end of one cut off; old notes go.

    What keeps it from ending is an alarm until it does; nothing is lost meanwhile.
    """
    now = clock.now()
    search.trim(now=now)
    try:
        keystore.rotate_if_due(now=now)
    except RotationRunning:
        return  # on another machine, or by hand
    except KeystoreError as fault:
        logger.error("The keys weren't rotated: %s", fault.code)


@receiver(keystore_signals.rotated, dispatch_uid="seqlense.project.tasks")
def copy_the_keystore(**_: Any) -> None:
    """The copies that there were open nothing any more, and are gone."""
    back_up_keys.defer()


@app.task(name="privacy.back_up_keys", queue=QUEUE)
def back_up_keys() -> None:
    """After each rotation: a copy of the keystore of the new epoch."""
    _back_up(["keystore"])


@app.periodic(cron="47 2 * * *")
@app.task(name="privacy.back_up", queue=QUEUE, queueing_lock="privacy.back_up", lock="privacy.back_up")
def back_up(timestamp: int) -> None:
    """Each night, after the sweep: all chains; what is over its time goes."""
    _back_up(backups.CHAINS)


def _back_up(chains: Sequence[backups.Chain]) -> None:
    """What keeps it from ending is an alarm after two days; a copy that stays is one at once."""
    try:
        backups.create(chains, actor=Actor.system("backups"), now=clock.now())
    except BackupError as fault:
        logger.error("No backup was made: %s", fault.code)


@app.periodic(cron="11 * * * *")
@app.task(name="privacy.stamp", queue=QUEUE, queueing_lock="privacy.stamp", lock="privacy.stamp")
def stamp(timestamp: int) -> None:
    """Each hour: witnesses see the log; the day's checkpoint gets its timestamp, if it still has none."""
    now = clock.now()
    proofs.cosign(now=now)
    proofs.stamp(now=now)


@app.periodic(cron="23 * * * *")
@app.task(name="consent.picture", queue=QUEUE, queueing_lock="consent.picture", lock="consent.picture")
def picture_what_is_shown(timestamp: int) -> None:
    """Each hour: a picture of each version of the banner that visitors see and that has none yet.

    On a machine without a browser nobody takes one, and an alarm says so.
    """
    now = clock.now()
    if not pictures.are_due(now=now):
        return
    try:
        for _taken in pictures.take(settings.SEQLENSE_PUBLIC_URL, now=now):
            pass
    except (pictures.NoBrowser, pictures.OtherVersion) as refused:
        logger.warning("What visitors are shown has no picture: %s", refused.code)
