"""The log is sealed by the worker's process, beside its tasks: several times a second, in a thread."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import DatabaseError, InterfaceError, connections

from seqlense.kit import clock
from seqlense.privacy import log
from seqlense.privacy.log.errors import LogError

logger = logging.getLogger(__name__)
EVERY: Final = 0.25
"""Seconds between two looks: a leaf waits one at most, the disk included."""
PAUSE: Final = 2.0
"""Seconds after which what failed is tried again."""


@contextmanager
def sealing() -> Iterator[None]:
    """As long as the block lasts, what is committed is sealed; and once more at its end."""
    ended = threading.Event()
    thread = threading.Thread(target=_until, args=[ended], name="sealing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _until(ended: threading.Event) -> None:
    failed = ""
    while True:
        last = ended.is_set()
        found = _once()
        if found and found != failed:
            logger.error("The log isn't sealed: %s. Run: seqlense log status", found)
        elif failed and not found:
            logger.info("The log is sealed again.")
        failed = found
        if last:
            connections.close_all()
            return
        ended.wait(PAUSE if failed else EVERY)


def _once() -> str:
    """Seal what waits; the code of what stops it."""
    try:
        if log.waiting():
            log.seal(now=clock.now())
    except LogError as wrong:
        return wrong.code
    except (DatabaseError, InterfaceError):
        connections.close_all()
        return "database-away"
    return ""
