"""The only place that reads the wall clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC. Call it once, at the edge; everything below is told the time."""
    return datetime.now(UTC)
