"""A task that works on one person's data doesn't run while that person has its use barred."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from seqlense.privacy import switches
from seqlense.privacy.governance import declared

logger = logging.getLogger(__name__)


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
