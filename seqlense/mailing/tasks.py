"""The worker's part. Arguments are opaque ids; a task never fails with a message in its hands."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from seqlense.kit import clock
from seqlense.mailing import delivery, upkeep

QUEUE: Final = "mailing"


def _with_the_transaction(ask: Callable[[], object]) -> None:
    """In the current transaction; in a worker, whose jobs go by a connection of their own, on commit: asked
    before, another task would look for a message that nobody sees yet.
    """
    if isinstance(app.connector, DjangoConnector):
        ask()
    else:
        transaction.on_commit(ask)


def wake(message: UUID, *, at: datetime | None = None) -> None:
    """Ask the worker to try this message, with the current transaction; a second call changes nothing."""
    _with_the_transaction(lambda: _wake(message, at))


def _wake(message: UUID, at: datetime | None) -> None:
    try:
        with transaction.atomic():
            deliver.configure(queueing_lock=upkeep.lock(message), schedule_at=at).defer(message=str(message))
    except exceptions.AlreadyEnqueued:
        return


def wake_many(messages: Mapping[UUID, datetime]) -> None:
    """Ask the worker to try these new messages, each at its time, with the current transaction."""
    jobs = [
        deliver.configure(queueing_lock=upkeep.lock(message), schedule_at=at).make_new_job(
            message=str(message)
        )
        for message, at in messages.items()
    ]
    if jobs:
        _with_the_transaction(lambda: app.job_manager.batch_defer_jobs(jobs))


@app.task(name="mailing.deliver", queue=QUEUE)
def deliver(message: str) -> None:
    """Try one message. Whatever comes of it is in its row; here remains only when to try again."""
    again_at = delivery.attempt(UUID(message), now=clock.now())
    if again_at is not None:
        wake(UUID(message), at=again_at)


@app.periodic(cron="* * * * *")
@app.task(name="mailing.resume", queue=QUEUE, queueing_lock="mailing.resume")
def resume(timestamp: int) -> None:
    """Each minute: wake what a killed worker left behind, and clear away what is past its time."""
    now = clock.now()
    upkeep.clear(now=now)
    upkeep.forget_dead_jobs(QUEUE)
    for message in upkeep.lost(now=now):
        wake(message)
