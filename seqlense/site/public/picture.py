"""The picture on the front page: one datum from its declaration to its end, read from the register."""

from dataclasses import dataclass
from datetime import timedelta

from seqlense.kit.periods import Period
from seqlense.register import Activity, DataItem, Register, Text

SHOWN = "accounts.email"
MOST = 3


@dataclass(frozen=True, kw_only=True)
class End:
    """What ends the datum; `then` is how long it is still kept after that, None for no time at all."""

    event: Text
    then: Period | None


@dataclass(frozen=True, kw_only=True)
class Picture:
    activity: Activity
    item: DataItem
    ends: tuple[End, ...]


def picture(register: Register) -> Picture:
    item = register.item(SHOWN)
    activity = register.activities[item.activity]
    rules = activity.rules_for(item.id)[:MOST]
    ends = tuple(End(event=rule.event_label, then=_unless_at_once(rule.after)) for rule in rules)
    return Picture(activity=activity, item=item, ends=ends)


def _unless_at_once(period: Period) -> Period | None:
    return period if period.months or period.rest > timedelta() else None
