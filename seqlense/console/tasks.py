"""The worker's part of the console: alarms told, errands done, files that are over their day removed."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from procrastinate.contrib.django import app

from seqlense.console import attention
from seqlense.console.models import Errand
from seqlense.console.upkeep import backups, errands, evidence, log
from seqlense.kit import clock
from seqlense.privacy.actor import Actor

QUEUE: Final = "privacy"
WORKS: Final[Mapping[str, errands.Doing]] = {
    Errand.Kind.BACKUP: backups.make,
    Errand.Kind.VERIFY_BACKUPS: backups.examine,
    Errand.Kind.VERIFY_LOG: log.examine,
    Errand.Kind.EVIDENCE: evidence.make,
}


@app.periodic(cron="* * * * *")
@app.task(name="console.watch", queue=QUEUE, queueing_lock="console.watch", lock="console.watch")
def watch(timestamp: int) -> None:
    """Each minute: a new alarm is told at once, one that lasts once a day."""
    attention.tell(now=clock.now())


@app.task(name=errands.TASK, queue=QUEUE)
def errand(errand: str, by: str) -> None:
    """What somebody asked for on a page."""
    errands.do(UUID(errand), WORKS, actor=Actor.staff(UUID(by)), now=clock.now())


@app.periodic(cron="27 * * * *")
@app.task(name="console.tidy", queue=QUEUE, queueing_lock="console.tidy")
def tidy(timestamp: int) -> None:
    """Each hour."""
    errands.tidy(now=clock.now())
