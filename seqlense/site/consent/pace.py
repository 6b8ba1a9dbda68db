"""How many choices one place may send: counted in this process's memory, so that counting costs nothing.

A generic cell rate, as for sign-in attempts, which the database counts. Where an address came from is kept
for as long as it has sent too much lately, and nowhere else.
"""

import threading
from datetime import datetime
from typing import Final

BURST: Final = 60
EVERY: Final = 1.0
"""Seconds after which one more is taken."""
MOST: Final = 20_000
"""Places remembered at once; beyond, those that have paid off are forgotten, and then all."""


class Pace:
    """Counters by place."""

    def __init__(self) -> None:
        self._full_until: dict[str, float] = {}
        self._turn = threading.Lock()

    def take(self, place: str, *, now: datetime) -> float:
        """Count one from that place. 0.0 if it is taken, else the seconds until the next one is."""
        moment = now.timestamp()
        with self._turn:
            if len(self._full_until) >= MOST:
                self._tidy(moment)
            until = max(self._full_until.get(place, 0.0), moment) + EVERY
            if until > moment + EVERY * BURST:
                return until - (moment + EVERY * BURST)
            self._full_until[place] = until
        return 0.0

    def forget(self) -> None:
        """Begin anew."""
        self._full_until.clear()

    def _tidy(self, moment: float) -> None:
        busy = {place: until for place, until in self._full_until.items() if until > moment}
        self._full_until = busy if len(busy) < MOST else {}


pace = Pace()
