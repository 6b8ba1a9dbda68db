"""Identifiers are RFC 9562 version 7, in order, and carry their moment."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlense.kit.identifiers import uuid7

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_carries_its_moment(moment: datetime) -> None:
    made = uuid7(moment)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    carried = EPOCH + (made.int >> 80) * MILLISECOND
    assert timedelta() <= moment - carried < MILLISECOND


def test_ten_thousand_are_different_and_in_order_even_when_the_clock_moves_back() -> None:
    before = [uuid7() for _ in range(5_000)]
    with mock.patch("time.time_ns", return_value=1_000_000_000):
        after = [uuid7() for _ in range(5_000)]
    assert before + after == sorted(set(before + after))
    assert all(one.version == 7 for one in after)


def test_two_of_one_moment_differ() -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    assert uuid7(moment) != uuid7(moment)


def test_refuses_moments_it_cant_tell() -> None:
    with pytest.raises(ValueError, match="time zone"):
        uuid7(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="1970"):
        uuid7(datetime(1969, 1, 1, tzinfo=UTC))
