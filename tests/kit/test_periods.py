"""Periods are calendar periods; deadlines follow Regulation 1182/71."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seqlense.kit.periods import InvalidPeriod, Period, deadline

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MONTH_ENDS = st.builds(
    lambda year, month, back, hour: (
        datetime(year + month // 12, month % 12 + 1, 1, hour, tzinfo=UTC) - timedelta(days=back)
    ),
    st.integers(1999, 2030),
    st.integers(0, 11),
    st.integers(0, 4),
    st.integers(0, 23),
)
PERIODS = st.builds(
    Period,
    st.integers(0, 240),
    st.timedeltas(timedelta(), timedelta(days=4000)),
)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P1M", "2026-01-31T10:00", "2026-02-28T10:00"),
        ("P1M", "2028-01-31T10:00", "2028-02-29T10:00"),
        ("P3M", "2026-11-30T00:00", "2027-02-28T00:00"),
        ("P6Y", "2024-02-29T00:00", "2030-02-28T00:00"),
        ("P1Y6M", "2026-08-31T00:00", "2028-02-29T00:00"),
        ("P2W", "2026-01-01T00:00", "2026-01-15T00:00"),
        ("P182D", "2026-01-01T00:00", "2026-07-02T00:00"),
        ("PT72H", "2026-01-01T00:00", "2026-01-04T00:00"),
        ("P1MT30M", "2026-01-31T00:00", "2026-02-28T00:30"),
    ],
)
def test_adds_calendar_time(text: str, start: str, end: str) -> None:
    moment, later = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end))
    assert Period.parse(text).add_to(moment) == later


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "3M", "P3", "P-1M", "P1.5M", "P1M2Y", "p1m", "P1H", "PT1D", "P1M "]
)
def test_refuses_what_is_no_period(text: str) -> None:
    with pytest.raises(InvalidPeriod):
        Period.parse(text)


@given(st.integers(0, 600), st.integers(0, 9999), st.integers(0, 86_399))
def test_prints_what_it_parses(months: int, days: int, seconds: int) -> None:
    period = Period(months, timedelta(days=days, seconds=seconds))
    assert Period.parse(str(period)) == period


@given(MOMENTS | MONTH_ENDS, PERIODS)
def test_latest_start_is_the_greatest_that_has_run_out(now: datetime, period: Period) -> None:
    start = period.latest_start(now)
    assert period.add_to(start) <= now
    assert period.add_to(start + INSTANT) > now


@given(MOMENTS | MONTH_ENDS, PERIODS, st.timedeltas(INSTANT, timedelta(days=400)))
def test_nothing_later_than_latest_start_has_run_out(now: datetime, period: Period, later: timedelta) -> None:
    assert period.add_to(period.latest_start(now) + later) > now


@given(MOMENTS | MONTH_ENDS, st.integers(1, 240), st.timedeltas(timedelta(), timedelta(days=4000)))
def test_what_began_earlier_runs_out_within_the_same_day(
    now: datetime, months: int, earlier: timedelta
) -> None:
    period = Period(months)
    start = period.latest_start(now) - earlier
    assume(start.year > 1)
    assert period.add_to(start).date() <= now.date()


def test_before_the_calendar_nothing_began() -> None:
    assert Period.parse("P9999Y").latest_start(datetime(2026, 1, 1, tzinfo=UTC)).year == 1
    with pytest.raises(OverflowError):
        Period.parse("P9999Y").add_to(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("received", "months", "last_day"),
    [
        ("2026-01-31", 1, "2026-03-02"),  # 28 February 2026 is a Saturday
        ("2026-10-15", 1, "2026-11-16"),  # a Sunday
        ("2026-04-14", 1, "2026-05-15"),  # 14 May 2026 is Ascension Day
        ("2026-11-25", 1, "2026-12-28"),  # Christmas Day, then a week-end
        ("2026-06-30", 1, "2026-07-30"),
        ("2026-01-31", 3, "2026-04-30"),
    ],
)
def test_deadlines_end_on_a_working_day(received: str, months: int, last_day: str) -> None:
    assert deadline(date.fromisoformat(received), months) == date.fromisoformat(last_day)


def test_another_countrys_holidays() -> None:
    assert deadline(date(2026, 9, 3), 1, country="DE") == date(2026, 10, 5)  # 3 October, a Saturday
    assert deadline(date(2025, 9, 3), 1, country="DE") == date(2025, 10, 6)  # 3 October, German Unity Day
    assert deadline(date(2025, 9, 3), 1, country="FR") == date(2025, 10, 3)
