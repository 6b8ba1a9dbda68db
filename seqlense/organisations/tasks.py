"""Work that comes due by itself."""

from procrastinate.contrib.django import app

from seqlense.kit import clock
from seqlense.organisations import closing


@app.periodic(cron="20 1 * * *")
@app.task(name="organisations.delete_due", queueing_lock="organisations.delete_due", pass_context=False)
def delete_due(timestamp: int) -> int:
    """Delete closed organisations whose date has come, before the night's sweep.

    `timestamp` is procrastinate's, of the period; the clock decides.
    """
    return closing.delete_due(now=clock.now())
