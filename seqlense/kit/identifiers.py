"""Identifiers that sort by the time at which they were made: UUID version 7 (RFC 9562, section 5.7)."""

import os
import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

_COUNTER_BITS = 42
_COUNTER_MASK = (1 << _COUNTER_BITS) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class _Monotonic:
    """RFC 9562, section 6.2, method 1: a counter of 42 bits, seeded at random with each new millisecond."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0

    def next(self) -> tuple[int, int]:
        """Millisecond and counter, greater than every pair given before, even when the clock moves back."""
        with self._lock:
            millisecond = time.time_ns() // 1_000_000
            if millisecond > self._millisecond:
                self._millisecond = millisecond
                # The top bit stays free, so that a millisecond has room for at least 2^41 more.
                self._counter = secrets.randbits(_COUNTER_BITS - 1)
            else:
                self._counter += 1
                if self._counter > _COUNTER_MASK:
                    self._millisecond += 1
                    self._counter = secrets.randbits(_COUNTER_BITS - 1)
            return self._millisecond, self._counter


_monotonic = _Monotonic()
os.register_at_fork(after_in_child=_monotonic.__init__)  # type: ignore[misc]  # a forked child must not go on counting


def uuid7(now: datetime | None = None) -> UUID:
    """A new UUIDv7. With `now` (aware) it carries that moment, to the millisecond, and is otherwise random.

    Without it, each one made in this process sorts after those made before. Raises ValueError for a
    moment without time zone, or one that 48 bits of milliseconds since 1970 can't tell.
    """
    if now is None:
        millisecond, counter = _monotonic.next()
    else:
        if now.tzinfo is None:
            raise ValueError("uuid7 needs a moment with a time zone.")
        millisecond, counter = (now - _EPOCH) // _MILLISECOND, secrets.randbits(_COUNTER_BITS)
        if not 0 <= millisecond < 1 << 48:
            raise ValueError("uuid7 tells moments from 1970 to the year 10889.")
    number = millisecond << 80 | 0x7 << 76 | (counter >> 30) << 64 | 0b10 << 62
    number |= (counter & (1 << 30) - 1) << 32 | secrets.randbits(32)
    return UUID(int=number)
