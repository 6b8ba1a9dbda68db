"""The kernel's regular work, as tasks of the worker. The kernel itself knows no task queue."""

from typing import Any, Final

from django.dispatch import receiver
from procrastinate.contrib.django import app

from seqlense.kit import clock
from seqlense.privacy import destruction, keystore, retention, search, signals
from seqlense.privacy.actor import Actor

QUEUE: Final = "privacy"
DESTROYING: Final = "privacy.destroy_keys"


@receiver(signals.destroying, dispatch_uid="seqlense.project.tasks")
def ask_the_worker(**_: Any) -> None:
    """Should this process die between its commit and the keys' end, the worker ends them."""
    destroy_keys.defer()


@app.periodic(cron="* * * * *")
@app.task(name=DESTROYING, queue=QUEUE)
def destroy_keys(timestamp: int = 0) -> None:
    """At once after each commit that asks for it, and each minute for what a killed process left."""
    destruction.drain()


@app.periodic(cron="17 2 * * *")
@app.task(name="privacy.sweep", queue=QUEUE, queueing_lock="privacy.sweep", lock="privacy.sweep")
def sweep(timestamp: int) -> None:
    """Each night: what the register says is due goes."""
    retention.run(now=clock.now(), actor=Actor.system("retention"))


@app.periodic(cron="7 * * * *")
@app.task(name="privacy.rotate_keys", queue=QUEUE, queueing_lock="privacy.rotate_keys")
def rotate_keys(timestamp: int) -> None:
    """Each hour: a new epoch if the last has lasted long enough, or the end of one cut off; old notes go."""
    now = clock.now()
    search.trim(now=now)
    if keystore.status(now=now).due:
        keystore.rotate(now=now)
