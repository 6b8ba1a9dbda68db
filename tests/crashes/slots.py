"""Places of processes in a file that all of them share: one byte each, how many things
a kill would cut off."""

import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SLOTS = 64


def shared(path: Path) -> mmap.mmap:
    """The file, made if it is new."""
    if not path.exists():
        path.write_bytes(bytes(SLOTS))
    with path.open("r+b") as file:
        return mmap.mmap(file.fileno(), SLOTS)


@dataclass
class Slot:
    """One process's place, and which part of how many alike it is."""

    file: mmap.mmap
    number: int
    part: int
    parts: int
    _deep: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Until the end of the block something is half done; several threads may say so."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, step: int) -> None:
        with self._lock:
            self._deep += step
            self.file[self.number] = self._deep
