"""Work that comes due by itself."""

from procrastinate.contrib.django import app

from seqlense.kit import clock
from seqlense.support import speaking


@app.periodic(cron="40 1 * * *")
@app.task(name="support.close_silent", queueing_lock="support.close_silent", pass_context=False)
def close_silent(timestamp: int) -> int:
    """Close answered requests that nobody took up again, before the night's sweep."""
    return speaking.close_silent(now=clock.now())
