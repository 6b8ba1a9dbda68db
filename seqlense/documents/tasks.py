"""Regular work: files that no row speaks of any more go."""

from procrastinate.contrib.django import app

from seqlense.documents import orphans
from seqlense.kit import clock


@app.periodic(cron="47 * * * *")
@app.task(name="documents.sweep", queueing_lock="documents.sweep", lock="documents.sweep", pass_context=False)
def sweep(timestamp: int) -> int:
    """Each hour: what an interrupted process left on the disk."""
    return orphans.sweep(now=clock.now())
