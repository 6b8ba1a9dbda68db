"""Hits become totals: they wait in memory for about a second, then one statement adds all of them up.

What a crash loses is that second. Nothing but totals is ever written.
"""

import atexit
import logging
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, connection, connections, transaction

from seqlense.accounts.models import Session
from seqlense.audience.measurement.hits import OTHER, Hit
from seqlense.audience.measurement.models import Kind
from seqlense.privacy import switches

logger = logging.getLogger(__name__)

ACTIVITY: Final = "audience_measurement"
EVERY: Final = 1.0
"""Seconds between two writings."""
MOST_WAITING: Final = 20_000
"""Different hits that wait at most: beyond it they are dropped, so that no flood fills the memory."""
SOURCES_A_DAY: Final = 2_000
"""Different referring sites a day and process: anyone can invent one, and each is a row."""

type Key = tuple[datetime, Kind, str]


class Waiting:
    """Hits that wait to be added up, in one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hits: Counter[tuple[datetime, Hit]] = Counter()
        self._sources: tuple[datetime | None, set[str]] = (None, set())
        self._writer: threading.Thread | None = None

    def add(self, hit: Hit, *, now: datetime) -> bool:
        """Let a hit wait; False where too many wait already."""
        day = day_of(now)
        with self._lock:
            if len(self._hits) >= MOST_WAITING:
                return False
            self._hits[day, self._bounded(hit, day)] += 1
        return True

    def _bounded(self, hit: Hit, day: datetime) -> Hit:
        known_day, known = self._sources
        if known_day != day:
            known_day, known = self._sources = (day, set())
        if hit.source in known or not hit.source:
            return hit
        if len(known) < SOURCES_A_DAY:
            known.add(hit.source)
            return hit
        return Hit(**{**vars(hit), "source": OTHER})

    def take(self) -> Counter[tuple[datetime, Hit]]:
        """All that waits, which then waits no more."""
        with self._lock:
            hits, self._hits = self._hits, Counter()
        return hits

    def give_back(self, hits: Counter[tuple[datetime, Hit]]) -> None:
        """Let hits wait again that could not be written."""
        with self._lock:
            if len(self._hits) + len(hits) <= MOST_WAITING:
                self._hits.update(hits)

    def write_from_now_on(self) -> None:
        """Write each second, in a thread that begins with the first hit of a process."""
        if self._writer is None or not self._writer.is_alive():
            with self._lock:
                if self._writer is None or not self._writer.is_alive():
                    self._writer = threading.Thread(target=_write_on, name="measurement", daemon=True)
                    self._writer.start()


waiting = Waiting()
_ended = threading.Event()


def day_of(moment: datetime) -> datetime:
    """The beginning of its day (UTC)."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def write() -> int:
    """Add up what waits and write it; how many pages. Two or three statements, however many."""
    hits = waiting.take()
    if not hits:
        return 0
    try:
        with transaction.atomic():
            objectors = _objectors({hit.session for _, hit in hits if hit.session})
            counted = {one: times for one, times in hits.items() if one[1].session not in objectors}
            if counted:
                add_up(counted)
    except (DatabaseError, InterfaceError):
        waiting.give_back(hits)
        raise
    return sum(counted.values())


def _objectors(sessions: set[bytes]) -> set[bytes]:
    """Of these sessions, those of people who object to being counted, or whose data here is limited."""
    if not sessions:
        return set()
    barred = Session.objects.filter(switches.barring(ACTIVITY), key_digest__in=sessions)
    return {bytes(one) for one in barred.values_list("key_digest", flat=True)}


def _totals(hits: Iterable[tuple[tuple[datetime, Hit], int]]) -> Iterator[tuple[Key, int, int]]:
    for (day, hit), times in hits:
        visits = times if hit.begins else 0
        yield (day, Kind.ALL, ""), times, visits
        yield (day, Kind.PAGE, hit.page), times, visits
        if hit.before is not None:
            yield (day, Kind.STEP, f"{hit.before}\n{hit.page}"), times, 0
        else:
            yield (day, Kind.SOURCE, hit.source), times, visits
        yield (day, Kind.LANGUAGE, hit.language), times, visits
        yield (day, Kind.COUNTRY, hit.country), times, visits
        yield (day, Kind.SCREEN, hit.screen), times, visits
        yield (day, Kind.SIGNED_IN, "yes" if hit.session else "no"), times, visits


_ADD: Final = (
    'insert into measurement_total as t ("on", kind, name, views, visits) '
    "select * from unnest(%s::timestamptz[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) "
    'on conflict ("on", kind, name) do update '
    "set views = t.views + excluded.views, visits = t.visits + excluded.visits"
)


def add_up(hits: Mapping[tuple[datetime, Hit], int]) -> None:
    """Add hits to the totals of their days, in one statement. hits: beginning of the day and page → times."""
    views: Counter[Key] = Counter()
    visits: Counter[Key] = Counter()
    for key, seen, begun in _totals(hits.items()):
        views[key] += seen
        visits[key] += begun
    keys = sorted(views)  # all processes in one order: none waits for another in a circle
    columns: list[Any] = [
        [day for day, _, _ in keys],
        [str(kind) for _, kind, _ in keys],
        [name[:300] for _, _, name in keys],
        [views[key] for key in keys],
        [visits[key] for key in keys],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, columns)


def _write_on() -> None:
    while not _ended.wait(EVERY):
        _write_once()


def _write_once() -> None:
    try:
        write()
    except (DatabaseError, InterfaceError):
        logger.warning("Visits wait to be counted: the database is away.")
        connections.close_all()


def _write_last() -> None:
    _ended.set()
    if waiting._writer is not None:
        _write_once()


atexit.register(_write_last)
