"""Counting what the middleware drops in production, and the alarm about it."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, InterfaceError, transaction

from seqlense.privacy.alarms import Alarm

logger = logging.getLogger(__name__)

LASTS: Final = timedelta(days=7)
"""An alarm stays for a week after the last time: whatever set the cookie is then gone."""
WRITTEN_EVERY: Final = timedelta(minutes=1)
NAMES: Final = 50
"""Names that are kept at most; further ones count together, under `OTHERS`."""
OTHERS: Final = "…"

_lock = threading.Lock()
_waiting: Counter[str] = Counter()
_written: dict[str, datetime] = {}


def note(cookie: str, *, now: datetime) -> None:
    """Count one that was dropped: at once the first time, then once a minute, so that a cookie set by every
    page doesn't write to the database at every page. What the database can't take now waits for the next.
    """
    named = cookie[:80]
    with _lock:
        if named not in _written and len(_written) >= NAMES:
            named = OTHERS
        _waiting[named] += 1
        if (last := _written.get(named)) is not None and now - last < WRITTEN_EVERY:
            return
        _written[named] = now
        times = _waiting.pop(named)
    logger.error("A cookie that isn't declared so was dropped: %s", named)
    try:
        _add(named, times, now)
    except (DatabaseError, InterfaceError):
        with _lock:
            _waiting[named] += times


@transaction.atomic
def _add(cookie: str, times: int, now: datetime) -> None:
    from seqlense.privacy.cookies.models import DroppedCookie  # the checks come before the apps are loaded

    row, _ = DroppedCookie.objects.select_for_update().get_or_create(
        cookie=cookie, defaults={"first_at": now, "last_at": now}
    )
    if now - row.last_at > LASTS:
        row.first_at, row.times = now, 0
    row.times += times
    row.last_at = max(row.last_at, now)
    row.save(update_fields=["times", "first_at", "last_at"])


def alarms(now: datetime) -> Iterator[Alarm]:
    """cookies.dropped, one for each name; about: the name and how often, in powers of ten, so that a number
    which grows isn't news each minute.
    """
    from seqlense.privacy.cookies.models import DroppedCookie  # as above

    for row in DroppedCookie.objects.filter(last_at__gt=now - LASTS):
        yield Alarm("cookies.dropped", row.first_at, f"{row.cookie} × {_roughly(row.times)}")


def _roughly(times: int) -> str:
    power = 10 ** (len(str(times)) - 1)
    return str(times) if times == power else f"{power}+"
