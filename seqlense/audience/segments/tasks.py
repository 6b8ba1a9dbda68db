"""The worker's part: looking at segments, computing groupings."""

from typing import Final
from uuid import UUID

from procrastinate.contrib.django import app

from seqlense.audience.segments import belonging, defining, grouping
from seqlense.audience.segments.models import Segment
from seqlense.kit import clock

QUEUE: Final = "privacy"


@app.task(name=defining.REFRESH, queue=QUEUE)
def refresh(segment: str) -> None:
    """Look who meets a segment's rule."""
    belonging.refresh(UUID(segment), now=clock.now())


@app.periodic(cron="40 2 * * *")
@app.task(name="segments.refresh_all", queue=QUEUE, queueing_lock="segments.refresh_all", pass_context=False)
def refresh_all(timestamp: int) -> None:
    """Each night all of them, one transaction each."""
    for segment in Segment.objects.filter(stopped_at=None).values_list("pk", flat=True):
        belonging.refresh(segment, now=clock.now())


@app.task(name=grouping.TASK, queue=QUEUE)
def group(grouping_id: str) -> None:
    """Compute a grouping that staff asked for."""
    grouping.compute(UUID(grouping_id), now=clock.now())


@app.periodic(cron="50 2 * * *")
@app.task(name="segments.tidy", queue=QUEUE, queueing_lock="segments.tidy", pass_context=False)
def tidy(timestamp: int) -> None:
    """Groupings are forgotten after a month; one that was cut off ends."""
    grouping.tidy(now=clock.now())
