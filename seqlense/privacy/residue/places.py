"""Which files lie where, and how they may be spoken of."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seqlense.privacy.residue.searching import Searcher

NO_FILES: Final = frozenset(map(Path, ("/proc", "/sys", "/dev")))
"""What the system shows there is in no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file, or a name that says something, or a place that can't be entered.

    shown: its path, without parts that hold a marker. named: numbers of the markers in its name. readable:
    whether there is content to search. problem: why it can't be entered.
    """

    path: Path
    shown: str
    named: tuple[int, ...] = ()
    size: int = 0
    readable: bool = False
    problem: str = ""


def entries(places: Iterable[Path], searcher: Searcher) -> Iterator[Entry]:
    """Every file at or below the places, none twice."""
    seen: set[tuple[int, int]] = set()
    for place in places:
        yield from _Walk(searcher, seen).at(place, printable(str(place)), top=True)


class _Walk:
    def __init__(self, searcher: Searcher, seen: set[tuple[int, int]]) -> None:
        self._searcher, self._seen = searcher, seen

    def at(
        self, path: Path, shown: str, *, named: tuple[int, ...] = (), top: bool = False
    ) -> Iterator[Entry]:
        try:
            status = path.stat()
        except FileNotFoundError:
            if top or named:  # else it went away, or is a link that leads nowhere
                yield Entry(path=path, shown=shown, named=named, problem="missing" if top else "")
            return
        except OSError as error:
            yield Entry(path=path, shown=shown, named=named, problem=problem_of(error))
            return
        known = (status.st_dev, status.st_ino) in self._seen
        self._seen.add((status.st_dev, status.st_ino))
        if stat.S_ISDIR(status.st_mode):
            if named:
                yield Entry(path=path, shown=shown, named=named)
            if not known and path not in NO_FILES:
                yield from self._below(path, shown)
            return
        device = top and stat.S_ISBLK(status.st_mode)
        readable = not known and (device or stat.S_ISREG(status.st_mode))
        if readable or named:
            yield Entry(path=path, shown=shown, named=named, size=status.st_size, readable=readable)

    def _below(self, folder: Path, shown: str) -> Iterator[Entry]:
        try:
            with os.scandir(folder) as found:
                names = sorted(one.name for one in found)
        except FileNotFoundError:
            return
        except OSError as error:
            yield Entry(path=folder, shown=shown, problem=problem_of(error))
            return
        for name in names:
            numbers = sorted({one.marker for one, _ in self._searcher.markers_in(os.fsencode(name))})
            told = f"<marker {numbers[0]}>" if numbers else printable(name)
            yield from self.at(folder / name, f"{shown}/{told}", named=tuple(numbers))


def printable(name: str) -> str:
    """A name without bytes that would do something to a terminal, or that are no text."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in name)


def problem_of(error: OSError) -> str:
    """In a word, why something can't be read."""
    return "denied" if isinstance(error, PermissionError) else "failed"
