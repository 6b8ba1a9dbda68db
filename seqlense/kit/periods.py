"""Calendar periods as the law counts them, and the days on which a duty ends."""

import calendar
import functools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import holidays

_ISO = re.compile(
    r"P(?!$)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?!$)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)
_LAST_INSTANT = time(23, 59, 59, 999_999)
_SATURDAY = 5


class InvalidPeriod(ValueError):
    """Text that is no ISO 8601 period of whole years, months, weeks, days, hours, minutes and seconds."""

    code = "invalid-period"


@dataclass(frozen=True)
class Period:
    """A length of calendar time.

    months: whole calendar months (a year is twelve).
    rest: what is added after them, exactly.
    """

    months: int = 0
    rest: timedelta = timedelta()

    def __post_init__(self) -> None:
        if self.months < 0 or self.rest < timedelta():
            raise InvalidPeriod("A period isn't negative.")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read ISO 8601: "P3M", "P6Y", "P1Y6M", "P182D", "PT72H". Raises InvalidPeriod."""
        found = _ISO.fullmatch(text)
        if found is None:
            raise InvalidPeriod(f"{text!r} is no ISO 8601 period such as P3M, P6Y, P7D or PT72H.")
        part = {name: int(digits or 0) for name, digits in found.groupdict().items()}
        rest = timedelta(**{name: part[name] for name in ("weeks", "days", "hours", "minutes", "seconds")})
        return cls(part["years"] * 12 + part["months"], rest)

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        days, seconds = self.rest.days, self.rest.seconds
        hours, seconds = divmod(seconds, 3600)
        minutes, seconds = divmod(seconds, 60)
        dated = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (days, "D")) if n)
        timed = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
        return "P" + dated + (f"T{timed}" if timed else "") if dated or timed else "P0D"

    def add_to(self, moment: datetime) -> datetime:
        """The moment one period later. A day that the target month lacks becomes its last day.

        31 January + P1M = 28 February (29 in a leap year), at the same time of day. Raises OverflowError
        beyond the year 9999.
        """
        year, month = _shift(moment.year, moment.month, self.months)
        if year > 9999:
            raise OverflowError("That period ends after the year 9999.")
        day = min(moment.day, _days_in(year, month))
        return moment.replace(year=year, month=month, day=day) + self.rest

    def latest_start(self, now: datetime) -> datetime:
        """The greatest moment d with d + period <= now: what began at d, or earlier, has run out.

        Where a month's end was clamped, days that end together count together (by at most the hours of one
        day). Before the year 1 nothing can have begun: then the smallest moment there is.
        """
        try:
            end = now - self.rest
        except OverflowError:
            return _earliest(now)
        year, month = _shift(end.year, end.month, -self.months)
        if year < 1:
            return _earliest(now)
        length = _days_in(year, month)
        if end.day > length:
            # Every day of that shorter month lands on an earlier day than `end`: all of it has run out.
            return datetime.combine(
                end.replace(year=year, month=month, day=length).date(), _LAST_INSTANT, end.tzinfo
            )
        day = length if end.day == _days_in(end.year, end.month) else end.day
        return end.replace(year=year, month=month, day=day)


def deadline(received: date, months: int = 1, country: str = "FR") -> date:
    """The last day on which an answer is in time (Regulation (EEC, Euratom) 1182/71, article 3).

    The day of receipt isn't counted; months are calendar months, and end on the same day of the month or,
    where it has none, on its last; a period that would end on a Saturday, Sunday or public holiday of
    `country` (ISO 3166-1) ends with the next working day. GDPR art. 12(3): `months=1`, or 3 once extended.
    """
    day = Period(months).add_to(datetime.combine(received, time(), UTC)).date()
    closed = _public_holidays(country)
    while day.weekday() >= _SATURDAY or day in closed:
        day += timedelta(days=1)
    return day


@functools.lru_cache(maxsize=64)
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def _earliest(now: datetime) -> datetime:
    return datetime.min.replace(tzinfo=now.tzinfo)


def _shift(year: int, month: int, months: int) -> tuple[int, int]:
    years, index = divmod(year * 12 + month - 1 + months, 12)
    return years, index + 1


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
