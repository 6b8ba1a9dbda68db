"""A list of requests, as staff see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seqlense.support import queries
from seqlense.support.models import Request, State, age_in_days


@dataclass(frozen=True, kw_only=True)
class Line:
    """One request in the list. days: how long it has waited for us; late: too long."""

    request: Request
    assignee: str
    days: int
    waits: bool
    late: bool


def lines(found: Sequence[Request], now: datetime) -> list[Line]:
    """Each request as the list shows it; one statement for the names of all who see to them."""
    called = queries.called(one.assignee_id for one in found)
    made = []
    for one in found:
        waits = one.state in (State.NEW, State.OURS)
        line = Line(
            request=one,
            assignee=called.get(one.assignee_id, "") if one.assignee_id else "",
            days=age_in_days(one.wrote_at, now),
            waits=waits,
            late=waits and one.wrote_at < now - queries.SLOW,
        )
        made.append(line)
    return made
