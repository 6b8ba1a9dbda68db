"""Restores: a backup comes back, and nothing is served from it until what was done since is done again.

`restore` brings one back, `finishing` does the rest and unlocks; `lock` says whether anything is locked.
"""

from collections.abc import Iterator
from datetime import datetime

from seqlense.privacy.alarms import Alarm
from seqlense.privacy.restoring.errors import Locked, RestoreError
from seqlense.privacy.restoring.lock import Lock, locked, refuse
from seqlense.privacy.restoring.records import Restoration

__all__ = ["Lock", "Locked", "Restoration", "RestoreError", "alarms", "locked", "refuse"]


def alarms(now: datetime) -> Iterator[Alarm]:
    """Everything stands still until a restore is finished."""
    if (found := locked()) is not None:
        yield Alarm("restoring.locked", found.since, found.backup)
