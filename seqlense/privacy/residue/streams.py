"""Bytes that come in pieces, searched as they pass; what is packed in them is unpacked and searched likewise.

Nothing is held whole: of a stream the last bytes stay, in case something lies across the edge of two pieces,
and so does whatever has begun and isn't over, each with a bound of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, cast

from seqlense.privacy.residue.forms import Pattern
from seqlense.privacy.residue.searching import Opening, Searcher

DEEPEST: Final = 8
"""Packed in packed in packed: so many layers are opened."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file.

    offset: in the file itself, of the outermost packing where there is one. inside: the packings, outermost
    first. within: the offset in the innermost, once unpacked.
    """

    path: Path
    offset: int
    inside: tuple[str, ...] = ()
    within: int = 0


class Tap(Protocol):
    """Something packed that has begun in a stream."""

    def feed(self, piece: memoryview) -> bool:
        """The bytes that come next. Says whether more are wanted."""

    def close(self) -> None:
        """No more bytes come."""


class ReachingTap(Tap, Protocol):
    """One that says up to which offset of its stream it has come."""

    reach: int


class Journal(Protocol):
    """Where a search writes what it meets."""

    def found(self, position: Position, pattern: Pattern) -> None: ...

    def unread(self, position: Position, reason: str) -> None: ...


ALIGNMENT: Final = 4
ZEROS: Final = bytes(1 << 20)


type Begin = Callable[["Stream", int], Tap]
"""Called with the stream and the offset at which something begins."""


@dataclass(frozen=True, slots=True)
class Search:
    """What all streams of one search share."""

    searcher: Searcher
    begins: dict[str, Begin]
    journal: Journal


def any_but_zero(piece: bytes) -> bool:
    """Whether a piece holds anything; files made larger in advance hold nothing for long stretches."""
    return piece != ZEROS[: len(piece)] if len(piece) <= len(ZEROS) else True


class Stream:
    """One sequence of bytes: a file, or what was packed in one."""

    def __init__(self, search: Search, locate: Callable[[int], Position]) -> None:
        self.search = search
        self.locate = locate
        self.claimed: set[int] = set()
        """Offsets that a tap has taken care of, at which nothing needs to begin anew."""
        self.page = 0
        """Of what size, where these are pages of PostgreSQL from the first byte on."""
        self.covered = 0
        """Up to this offset all that begins is taken care of by one tap."""
        self._taps: list[Tap] = []
        self._reaching: dict[str, ReachingTap] = {}
        self._tail = b""
        self._end = 0

    def child(self, name: str, offset: int) -> "Stream":
        """The stream of what is packed at an offset."""
        at = self.locate(offset)
        inside = (*at.inside, name)
        return Stream(self.search, lambda within: Position(at.path, at.offset, inside, within))

    def feed(self, piece: bytes) -> None:
        """The bytes that come next."""
        if self._taps:
            self._taps = [tap for tap in self._taps if self._goes_on(tap, memoryview(piece))]
        if not any_but_zero(piece) and not any_but_zero(self._tail):
            self._tail = piece[-self.search.searcher.overlap :]
            self._end += len(piece)
            return
        window, seen = self._tail + piece, len(self._tail)
        self._window_at = self._end - seen
        for pattern, end in self.search.searcher.markers_in(window):
            if end > seen:
                at = self.locate(self._window_at + end - len(pattern.sought))
                self.search.journal.found(at, pattern)
        self._begin(memoryview(window), seen)
        self._end += len(piece)
        self._tail = window[-self.search.searcher.overlap :]
        self.claimed = {one for one in self.claimed if one >= self._end - len(self._tail)}

    @property
    def length(self) -> int:
        """Bytes that have come."""
        return self._end

    def close(self) -> None:
        """No more bytes come."""
        for tap in self._taps:
            tap.close()
        self._taps.clear()

    def _begin(self, window: memoryview, seen: int) -> None:
        deepest = len(self.locate(0).inside) >= DEEPEST
        for opening, end in self.search.searcher.openings_in(window):
            offset = self._window_at + max(0, end - opening.length)
            if end <= seen or (opening.aligned and self.page and offset % ALIGNMENT):
                continue
            if offset < self.covered or offset in self.claimed or self._reached(opening) > offset:
                continue
            if opening.plausible and not opening.plausible(window, end):
                continue
            tap = self.search.begins[opening.kind](self, offset)
            if opening.alone:
                self._reaching[opening.kind] = cast(ReachingTap, tap)
            if deepest:
                self.search.journal.unread(self.locate(offset), "too-deep")
            elif self._goes_on(tap, window[offset - self._window_at :]):
                self._taps.append(tap)

    def _reached(self, opening: Opening) -> int:
        return self._reaching[opening.kind].reach if opening.kind in self._reaching else 0

    def _goes_on(self, tap: Tap, piece: memoryview) -> bool:
        wants_more = tap.feed(piece)
        if not wants_more:
            tap.close()
        return wants_more


class Collecting:
    """A tap for something short: waits for a number of bytes, then works on them whole."""

    def __init__(self, needed: int) -> None:
        self.needed = needed
        self._held = bytearray()

    def feed(self, piece: memoryview) -> bool:
        """More are wanted until there are enough."""
        taken = 0
        while taken < len(piece):
            missing = self.needed - len(self._held)
            self._held += piece[taken : taken + missing]
            taken += missing
            if len(self._held) < self.needed:
                return True
            self.whole(bytes(self._held))
            if len(self._held) >= self.needed:
                return False
        return True

    def whole(self, content: bytes) -> None:
        """The bytes that were waited for. It may raise `needed`, and is called again once those have come."""
        raise NotImplementedError

    def close(self) -> None:
        """What was cut off is of no use."""
