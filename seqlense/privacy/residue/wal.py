"""PostgreSQL's write-ahead log: its pages begin with a head, which may stand in the middle of a value.

A segment is searched as it lies, and once more with the heads left out, from one segment to the next. What
a recycled segment holds of its former life is searched with it. Layout: access/xlog_internal.h.
"""

from bisect import bisect_right
from collections import OrderedDict
from typing import Final

from seqlense.privacy.residue.searching import Opening
from seqlense.privacy.residue.streams import Begin, Position, Stream

HEAD, LONG_HEAD = 24, 40
LONG: Final = 0x02
LEAST_SEGMENT, MOST_SEGMENT, MOST_PAGE = 1 << 20, 1 << 30, 1 << 16
WAITING: Final = 4
"""So many segments wait at most for the one that follows them."""


class Segments:
    """The ends of segments, each waiting for the one that goes on where it ended."""

    def __init__(self) -> None:
        self._ends: OrderedDict[tuple[bytes, int], Stream] = OrderedDict()

    def after(self, system: bytes, address: int) -> Stream | None:
        """The stream of the segment that ended at that address of the log, if it was met before."""
        return self._ends.pop((system, address), None)

    def end(self, system: bytes, address: int, joined: Stream) -> None:
        """A segment is over, and its stream may go on."""
        self._ends[system, address] = joined
        while len(self._ends) > WAITING:
            self._ends.popitem(last=False)[1].close()

    def close(self) -> None:
        """No more segments come."""
        while self._ends:
            self._ends.popitem()[1].close()


class Segment:
    """A tap that leaves the pages' heads out."""

    def __init__(self, stream: Stream, offset: int, segments: Segments) -> None:
        self._stream, self._offset, self._segments = stream, offset, segments
        self._held = b""
        self._joined: Stream | None = None

    def feed(self, piece: memoryview) -> bool:
        """The first page's head says what this is; if it is no segment, that is all."""
        if self._joined is not None:
            return self._go_on(self._joined, piece)
        self._held += piece
        if len(self._held) < LONG_HEAD:
            return True
        head = self._held[:LONG_HEAD]
        self._system, self._address = head[24:32], int.from_bytes(head[8:16], "little")
        self._size, self._page = (int.from_bytes(head[at : at + 4], "little") for at in (32, 36))
        if not _plausible(head, self._address, self._size, self._page):
            return False
        self._magic, self._left = head[:2], self._size
        self._joined = self._segments.after(self._system, self._address) or Stream(
            self._stream.search, self._locate
        )
        self._joined.locate = self._locate
        self._begins, self._lies = [self._joined.length], [self._offset]
        begun, self._held = self._held, b""
        return self._go_on(self._joined, memoryview(begun))

    def close(self) -> None:
        """The segment is over: its stream waits for the next one's."""
        if self._joined is not None:
            self._joined.feed(self._held)
            self._segments.end(self._system, self._address + self._size, self._joined)

    def _go_on(self, joined: Stream, piece: memoryview) -> bool:
        """Whole pages; what is less waits."""
        at = self._offset + self._size - self._left
        pages = self._held + bytes(piece[: self._left - len(self._held)])
        whole = len(pages) - len(pages) % self._page
        self._held = pages[whole:]
        bodies, length = [], joined.length
        for page in range(0, whole, self._page):
            skipped = self._head_of(pages, page)
            self._begins.append(length)
            self._lies.append(at + page + skipped)
            bodies.append(pages[page + skipped : page + self._page])
            length += len(bodies[-1])
        self._left -= whole
        self._stream.covered = at + len(pages)
        joined.feed(b"".join(bodies))
        return self._left > 0

    def _head_of(self, pages: bytes, at: int) -> int:
        """Bytes of a page's head; none where the page was never written."""
        if pages[at : at + 2] != self._magic:
            return 0
        return LONG_HEAD if pages[at + 2] & LONG else HEAD

    def _locate(self, joined: int) -> Position:
        page = max(0, bisect_right(self._begins, joined) - 1)
        return self._stream.locate(self._lies[page] + max(0, joined - self._begins[page]))


def begins(segments: Segments) -> dict[str, Begin]:
    """What to do where a segment begins."""

    return {"wal": lambda stream, offset: Segment(stream, offset, segments)}


def _plausible(head: bytes, address: int, size: int, page: int) -> bool:
    """Sizes are powers of two, a segment begins at a multiple of its own, and what is to be zero is."""
    return (
        not any(head[20:24])
        and LONG_HEAD < page <= MOST_PAGE
        and LEAST_SEGMENT <= size <= MOST_SEGMENT
        and not size & (size - 1)
        and not page & (page - 1)
        and not address % size
    )


# Version, flags with the long head's, timeline.
OPENINGS: Final = (Opening("wal", rb".\xd1[\x02\x03\x06\x07\x0a\x0b\x0e\x0f]\x00...\x00", 8),)
