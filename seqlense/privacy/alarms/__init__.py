"""Alarms: what somebody should look at now. Each part of the kernel says its own by `alarms(now)`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Alarm:
    """Something that isn't as it should be.

    code: stable, "backups.late". since: from when on, where that is known. about: an opaque id, a number or a
    name of ours; never personal data.
    """

    code: str
    since: datetime | None
    about: str = ""
