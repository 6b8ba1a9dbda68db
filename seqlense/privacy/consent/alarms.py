"""What is wrong with the proofs of consent, told to whoever looks after the installation."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from seqlense.privacy.alarms import Alarm
from seqlense.privacy.consent import displays

PATIENCE: Final = timedelta(hours=2)
"""In which the worker takes the picture by itself, where it finds a browser."""


def alarms(now: datetime) -> Iterator[Alarm]:
    """consent.no-picture: of what visitors are shown now, since when; about: languages and themes."""
    since = displays.seen_since(now=now - PATIENCE)
    if since is not None and (missing := displays.without_picture()):
        yield Alarm("consent.no-picture", since, ", ".join(f"{code} {theme}" for code, theme in missing))
