"""All markers, and all beginnings of packed data, sought in one pass over a piece of bytes each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import hyperscan

from seqlense.privacy.residue.forms import Pattern, patterns
from seqlense.privacy.residue.markers import Marker

type Buffer = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Opening:
    """How packed data begins.

    expression: a regular expression over bytes, of `length` bytes at most. alone: what has been unpacked once
    by this kind holds all that begins within it. plausible: a closer look, given a window and where the match
    ends in it; most matches are chance. aligned: within PostgreSQL's pages, at a multiple of four only.
    """

    kind: str
    expression: bytes
    length: int
    alone: bool = False
    plausible: Callable[[memoryview, int], bool] | None = None
    aligned: bool = False


class Searcher:
    """Compiled once for a set of markers; then used on any number of pieces."""

    def __init__(self, markers: Sequence[Marker], groups: Sequence[Sequence[Opening]]) -> None:
        self._patterns = [one for marker in markers for one in patterns(marker.number, marker.text)]
        self._sought = _compiled(
            [literal(one.sought) for one in self._patterns],
            [hyperscan.HS_FLAG_CASELESS if one.folded else 0 for one in self._patterns],
        )
        # Each group by itself: together they would all be as slow as the slowest.
        self._groups = [
            (group, _compiled([one.expression for one in group], [hyperscan.HS_FLAG_DOTALL] * len(group)))
            for group in groups
        ]
        self.overlap: Final = max(
            *(len(one.sought) for one in self._patterns), *(one.length for group in groups for one in group)
        )
        """So many bytes of a piece belong before the next one, for what lies across the edge."""

    def markers_in(self, piece: Buffer) -> Iterator[tuple[Pattern, int]]:
        """Patterns in a piece, and where each ends."""
        for number, end in _matches(self._sought, piece):
            yield self._patterns[number], end

    def openings_in(self, piece: memoryview) -> Iterator[tuple[Opening, int]]:
        """Beginnings of packed data in a piece, real or by chance, and where each match ends."""
        for openings, compiled in self._groups:
            for number, end in _matches(compiled, piece):
                yield openings[number], end


def literal(sought: bytes) -> bytes:
    """An expression for these bytes alone; Hyperscan's own literals end at a zero byte."""
    return b"".join(rb"\x%02x" % one for one in sought)


def _compiled(expressions: list[bytes], flags: list[int]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=expressions,
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=flags,
    )
    return database


def _matches(database: hyperscan.Database, piece: Buffer) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []

    def note(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        found.append((number, end))

    database.scan(piece, match_event_handler=note)  # type: ignore[type-var]  # takes any buffer
    return found
