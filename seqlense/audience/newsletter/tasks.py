"""The worker's part: every minute, each campaign under way gets its share."""

from procrastinate.contrib.django import app

from seqlense.audience.newsletter import sending
from seqlense.kit import clock


@app.periodic(cron="* * * * *")
@app.task(name="newsletter.go_on", queueing_lock="newsletter.go_on", pass_context=False)
def go_on(timestamp: int) -> None:
    """Start what is due and post what the rate allows. `timestamp` is procrastinate's; the clock decides."""
    sending.go_on(now=clock.now())
