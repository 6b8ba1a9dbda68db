"""Keys live in the memory of processes that use them. This keeps that memory from being written to a disk.

A core dump would hold keys. Python can't overwrite its own objects: keys that were let go of stay in memory
until something else takes their place, so swap and hibernation belong on encrypted disks, or off.
"""

from __future__ import annotations

import ctypes
import resource
import sys

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4


def keep_from_disk() -> None:
    """No core dump of this process; on Linux, no look into its memory by others of its account."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def kept_from_disk() -> bool:
    """Whether that is so."""
    dumpable = sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) != 0
    return resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) and not dumpable
