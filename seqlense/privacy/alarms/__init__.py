"""Alarms: what somebody should look at now.

Each part of the kernel says its own by `alarms(now)` in its package, each installed room above by the same
function in its `alarms.py`. `all` gathers them; `words` says of each what is wrong and what to do.
"""

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

    @property
    def part(self) -> str:
        """Whose it is: "backups"."""
        return self.code.partition(".")[0]


def all(now: datetime) -> list[Alarm]:  # noqa: A001  # alarms.all says what it does
    """Everything that is wrong now, in a stable order. Reads only."""
    from seqlense.privacy.alarms import gathering  # every part that gathering asks begins by importing Alarm

    return gathering.gathered(now)
