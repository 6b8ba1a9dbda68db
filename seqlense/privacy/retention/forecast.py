"""What the coming sweeps will take, by activity and day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from seqlense.privacy import reach
from seqlense.privacy.retention.passes_sql import passes


@dataclass(frozen=True)
class Coming:
    """Rows of one activity that become due on a day. outcome: "deleted", "cleared" or "archived"."""

    activity: str
    day: date
    outcome: str
    rows: int


def forecast(*, now: datetime, days: int = 30) -> tuple[Coming, ...]:
    """Rows due from today to `days` later, by day and activity; what is overdue counts today. Holds aside."""
    until = now + timedelta(days=days)
    found: defaultdict[tuple[date, str, str], int] = defaultdict(int)
    with transaction.atomic(), reach.maintenance(), connection.cursor() as cursor:
        for one in passes():
            cursor.execute(one.coming(), {**one.parameters(until), "now": now})
            for day, rows in cursor.fetchall():
                found[day, one.activity, one.outcome] += rows
    return tuple(
        Coming(activity, day, outcome, rows) for (day, activity, outcome), rows in sorted(found.items())
    )
