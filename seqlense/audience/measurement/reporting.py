"""What the totals say of a period: sums by name, the days, and the period before beside it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Q, Sum

from seqlense.audience.measurement.models import Kind, Total

FEWEST: Final = 10
"""Names seen less often in a period are told together: a few visits could be one person's."""
FOLDED: Final = (Kind.STEP, Kind.SOURCE, Kind.COUNTRY, Kind.LANGUAGE)
REST: Final = "\x00rest"
"""Name of those told together."""
NUMBERS: Final = ("views", "visits", "views_before", "visits_before")
LONGEST: Final = 1100
"""Days of a period at most: three years, more than is kept."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from the first to the last, both counted (UTC)."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST:
            raise ValueError("A period begins before it ends, and lasts three years at most.")

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period of the same length that ended when this one began."""
        return Period(first=self.first - timedelta(days=self.days), last=self.first - timedelta(days=1))

    def within(self) -> Q:
        """Condition on totals."""
        return Q(on__gte=_midnight(self.first), on__lt=_midnight(self.last + timedelta(days=1)))


@dataclass(frozen=True)
class Line:
    """One name: pages seen and visits begun in the period, and in the one before."""

    name: str
    views: int
    visits: int
    views_before: int
    visits_before: int

    @property
    def parts(self) -> list[str]:
        """Of a step: the page before, then the page."""
        return self.name.split("\n")


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the period."""

    on: date
    views: int
    visits: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """All figures of a period. lines: by kind, the most seen first."""

    period: Period
    days: tuple[Day, ...]
    lines: Mapping[Kind, tuple[Line, ...]]

    @property
    def whole(self) -> Line:
        """The period as a whole."""
        return next(iter(self.lines.get(Kind.ALL, ())), Line("", 0, 0, 0, 0))


def report(period: Period) -> Report:
    """The figures of a period, by two statements however long it is."""
    now, then = period.within(), period.before.within()
    rows = (
        Total.objects.filter(now | then)
        .values_list("kind", "name")
        .annotate(
            seen=Sum("views", filter=now, default=0),
            begun=Sum("visits", filter=now, default=0),
            seen_before=Sum("views", filter=then, default=0),
            begun_before=Sum("visits", filter=then, default=0),
        )
        .order_by()
    )
    found: defaultdict[Kind, list[Line]] = defaultdict(list)
    for kind, *line in rows:
        found[Kind(kind)].append(Line(*line))
    lines = {kind: tuple(_told(kind, several)) for kind, several in found.items()}
    return Report(period=period, days=_days(period), lines=lines)


def _told(kind: Kind, lines: Iterable[Line]) -> list[Line]:
    """The lines to tell, rare names together; the whole is told also where all of it lies before."""
    if kind is Kind.ALL:
        return list(lines)
    seen = sorted((one for one in lines if one.views), key=lambda one: (-one.views, one.name))
    if kind not in FOLDED:
        return seen
    rare = [one for one in seen if one.views < FEWEST]
    told = [one for one in seen if one.views >= FEWEST]
    if rare:
        sums = [sum(getattr(one, name) for one in rare) for name in NUMBERS]
        told.append(Line(REST, *sums))
    return told


def _days(period: Period) -> tuple[Day, ...]:
    rows = Total.objects.filter(period.within(), kind=Kind.ALL).values_list("on", "views", "visits")
    known = {on.astimezone(UTC).date(): (views, visits) for on, views, visits in rows}
    every = (period.first + timedelta(days=number) for number in range(period.days))
    return tuple(
        Day(on=one, views=views, visits=visits) for one in every for views, visits in [known.get(one, (0, 0))]
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
