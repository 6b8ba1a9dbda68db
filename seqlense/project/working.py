"""The process behind the pages: takes tasks until told to stop, however often the database goes away."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import DatabaseError
from procrastinate.app import WorkerOptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from seqlense.privacy import switches
from seqlense.privacy.governance import declared
from seqlense.project import sealer, serving
from seqlense.project.restored import gate

logger = logging.getLogger(__name__)
PAUSE: Final = 2.0
"""Seconds between two looks whether the database is back."""
LOST: Final = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ForeignKeyViolation)
"""What the worker gets over: the line broke, or its own row went with data that was put back meanwhile."""
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def work(*, concurrency: int, queues: Sequence[str]) -> None:
    """Returns when SIGTERM or SIGINT came and the running tasks have ended."""
    stopping = threading.Event()
    before = {one: signal.signal(one, lambda *_: stopping.set()) for one in SIGNALS}
    try:
        while not stopping.is_set():
            if _may_work():
                with sealer.sealing():
                    _until_cut_off(concurrency, queues, stopping)
            if not stopping.is_set():
                stopping.wait(PAUSE)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _may_work() -> bool:
    """Whether the data is complete and everything belongs together; not while it is being restored."""
    if gate.watch.afresh() is not None:
        return False
    try:
        return serving.settled()
    except SystemExit:  # tables are missing: for good, or because they were taken away at this moment
        if gate.watch.afresh() is None:
            raise
        return False


def _until_cut_off(concurrency: int, queues: Sequence[str], stopping: threading.Event) -> None:
    """Work until told to stop, or until the line to the database breaks."""
    try:
        asyncio.run(_run(concurrency, queues, stopping))
    except (ConnectorException, DatabaseError, psycopg.Error) as error:
        cause = error.__cause__ or error
        away = isinstance(cause, LOST)
        if not away and gate.watch.afresh() is None:  # tables that are being restored are missing meanwhile
            raise
        logger.warning("The worker lost the database (%s): it waits and goes on.", type(cause).__name__)


async def _run(concurrency: int, queues: Sequence[str], stopping: threading.Event) -> None:
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    loop = asyncio.get_running_loop()
    with app.replace_connector(connector.get_worker_connector()) as worker:
        async with worker.open_async():
            options: WorkerOptions = {"concurrency": concurrency, "install_signal_handlers": False}
            options["task_middleware"] = [unless_barred]
            if queues:
                options["queues"] = list(queues)
            running = asyncio.create_task(worker.run_worker_async(**options))

            def stop() -> None:
                stopping.set()
                running.cancel()

            for one in SIGNALS:
                loop.add_signal_handler(one, stop)
            if stopping.is_set():
                running.cancel()
            ended = threading.Event()
            watching = asyncio.create_task(asyncio.to_thread(gate.watch.until_locked, ended))
            watching.add_done_callback(lambda _: running.cancel())
            try:
                with suppress(asyncio.CancelledError):
                    await running
            finally:
                ended.set()


def unless_barred(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Around every task of the worker: may the one that is given a `subject` work for its activity?

    What the register says is owed by contract or law is carried out all the same.
    """
    job = context.job
    activity, subject = declared().tasks.get(job.task_name, ""), job.task_kwargs.get("subject")
    asked = activity and isinstance(subject, str) and not switches.is_owed(activity)
    if asked and switches.barred(UUID(str(subject)), activity) is not None:
        logger.info("task.barred job=%s task=%s", job.id, job.task_name)
        return None
    return call_next()
