"""Drills: that the living can be read and the erased can't is tried out, before an old epoch's key goes.

Keys, in one place: `run` a drill, `alarms` about them. A rotation has a drill run by itself (`rotating`).
"""

from seqlense.privacy.drills.alarms import alarms
from seqlense.privacy.drills.models import Drill
from seqlense.privacy.drills.rotating import connect, noted_epoch, stand
from seqlense.privacy.drills.running import again, run

__all__ = ["Drill", "again", "alarms", "connect", "noted_epoch", "run", "stand"]
