"""Long values in PostgreSQL's tables: compressed in their row, or cut into chunks in a TOAST table.

Nothing is asked of the database, and no page is believed to be in order: rows that were deleted and pruned
lose the pointer to them, not their bytes. So what a chunk's row or a compressed value begins with is looked
for anywhere, in pages, in the write-ahead log, in backups, and tried. Layouts: access/htup_details.h,
varatt.h, access/toast_internals.h; of machines with little-endian numbers.
"""

import struct
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from seqlense.privacy.residue.pglz import Undone, undo_lz4, undo_pglz
from seqlense.privacy.residue.searching import Opening
from seqlense.privacy.residue.streams import Begin, Collecting, Stream

PGLZ, LZ4 = 0, 1
SIZE_BITS: Final = 30
LEAST: Final = 32  # bytes of content that are worth compressing (PGLZ_strategy_default)
INLINE: Final = 9  # bytes of a compressed value that are looked for
PAIR: Final = struct.Struct("<II")
PAGE_MOST: Final = 32 * 1024
PAGES: Final = {(4 | size).to_bytes(2, "little"): size for size in (1024 << power for power in range(6))}
"""Version 4 of a page's layout, with its size."""
HELD_MOST: Final = 64 << 20
ROW: Final = 6
"""Bytes of the head of a chunk's row that are looked for: number of columns, flags, offset of the first."""
UNDO: Final = {PGLZ: undo_pglz, LZ4: undo_lz4}
NAMES: Final = {PGLZ: "toast pglz", LZ4: "toast lz4"}


def _number(content: bytes | memoryview, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "little")


class Inline(Collecting):
    """A tap for a value that was compressed and stays in its row."""

    def __init__(self, stream: Stream, offset: int) -> None:
        super().__init__(4)
        self._stream, self._offset = stream, offset

    def whole(self, content: bytes) -> None:
        """Size, method and size of the content, packed content."""
        if len(content) == 4:
            size, page = _number(content, 0) >> 2, self._stream.page
            if not page or self._offset % page + size <= page:  # no value goes beyond its page
                self.needed = size
            return
        head = _number(content, 4)
        method, size = head >> SIZE_BITS, head & ((1 << SIZE_BITS) - 1)
        undone = UNDO[method](content[8:], size)
        if undone.whole:
            child = self._stream.child(NAMES[method], self._offset)
            child.feed(undone.content)
            child.close()


def _compresses(window: memoryview, end: int) -> bool:
    """Whether the sizes are such as compression makes: pglz saves a quarter at least."""
    size, head = PAIR.unpack_from(window, end - INLINE)
    packed, content = (size >> 2) - 8, head & ((1 << SIZE_BITS) - 1)
    if head >> SIZE_BITS == PGLZ:
        return bool(content >= LEAST and packed * 4 <= content * 3 and content <= packed * 90)
    return bool(content >= LEAST and packed < content <= packed * 255)


@dataclass(slots=True)
class Value:
    """The chunks of one long value that were met, by their number. at: where the first of them lies."""

    stream: Stream
    at: int
    chunks: dict[int, bytes] = field(default_factory=dict)
    size: int = 0

    def complete(self) -> bool:
        """Whether all are here, the last one being shorter than the first."""
        last = len(self.chunks) - 1
        return 0 in self.chunks and last in self.chunks and len(self.chunks[last]) < len(self.chunks[0])

    def runs(self) -> Iterator[tuple[int, bytes]]:
        """Chunks that follow each other, joined; with the number of the first."""
        numbers = sorted(self.chunks)
        begun = 0
        for place, number in enumerate(numbers):
            if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
                yield numbers[begun], b"".join(self.chunks[one] for one in numbers[begun : place + 1])
                begun = place + 1

    def search(self) -> None:
        """Search what the chunks make, unpacked if it is packed."""
        for number, joined in self.runs():
            undone = _undone(joined) if number == 0 else None
            name = "toast" if undone is None else NAMES[_number(joined, 0) >> SIZE_BITS]
            child = self.stream.child(name, self.at)
            child.feed(joined if undone is None else undone.content)
            child.close()


def _undone(joined: bytes) -> Undone | None:
    """A packed value begins with method and size of its content. None: this one isn't packed."""
    head = _number(joined, 0)
    method, size = head >> SIZE_BITS, head & ((1 << SIZE_BITS) - 1)
    if method not in UNDO or size <= len(joined) - 4:
        return None
    undone = UNDO[method](joined[4:], size)
    return undone if len(undone.content) > len(joined) // 2 else None


class Chunks:
    """Values whose chunks are still coming: a bounded number of bytes, those longest untouched go first."""

    def __init__(self) -> None:
        self._values: OrderedDict[int, Value] = OrderedDict()
        self._held = 0

    def add(self, stream: Stream, offset: int, value: int, number: int, chunk: bytes) -> None:
        """A chunk was met. The same one met again says nothing new."""
        found = self._values.get(value)
        if found is not None and found.chunks.get(number, chunk) != chunk:
            self._search(value)  # another table's value of the same id
            found = None
        if found is None:
            found = self._values[value] = Value(stream, offset)
        elif number in found.chunks:
            return
        found.chunks[number] = chunk
        found.size += len(chunk)
        self._held += len(chunk)
        self._values.move_to_end(value)
        if found.complete():
            self._search(value)
        while self._held > HELD_MOST:
            self._search(next(iter(self._values)))

    def close(self) -> None:
        """No more come: what is there is searched as far as it goes."""
        while self._values:
            self._search(next(iter(self._values)))

    def _search(self, value: int) -> None:
        found = self._values.pop(value)
        self._held -= found.size
        found.search()


class Chunk(Collecting):
    """A tap for one chunk's row: id of the value, number of the chunk, its bytes."""

    def __init__(self, stream: Stream, offset: int, chunks: Chunks) -> None:
        super().__init__(ROW + 12)
        self._stream, self._offset, self._chunks = stream, offset, chunks

    def whole(self, content: bytes) -> None:
        """Read the size; then hand the chunk to the others of its value."""
        size, head = _size_of_chunk(content, ROW + 8)
        if len(content) < ROW + 8 + size:
            self.needed = ROW + 8 + size
            return
        value, number = _number(content, ROW), _number(content, ROW + 4)
        chunk = content[ROW + 8 + head : ROW + 8 + size]
        self._chunks.add(self._stream, self._offset, value, number, chunk)


def _size_of_chunk(content: bytes | memoryview, at: int) -> tuple[int, int]:
    """Of its bytes with their head, and of the head: a short one where the lowest bit says so."""
    if content[at] & 1:
        return content[at] >> 1, 1
    return _number(content, at) >> 2, 4


def _holds_bytes(window: memoryview, end: int) -> bool:
    size, head = _size_of_chunk(window, end - 4)
    return head < size <= PAGE_MOST


def page_of(content: bytes) -> int:
    """The size of the page of a table or an index that it begins with; 0 where it doesn't."""
    return PAGES.get(content[18:20], 0)


def begins(chunks: Chunks) -> dict[str, Begin]:
    """What to do where such a value begins. All chunks go to one place: a value may lie in two files."""
    return {"toast": Inline, "toast-chunk": lambda stream, offset: Chunk(stream, offset, chunks)}


def _bytes(rest: int, least: int = 0, *, of: int = 4) -> bytes:
    """Those from `least` on that leave that rest, as an expression has them in brackets."""
    return b"".join(rb"\x%02x" % one for one in range(least, 256) if one % of == rest)


_THREE_COLUMNS: Final = rb"\x03[\x00\x20\x40\x60\x80\xa0\xc0\xe0]"
_VARIABLE_WIDTH_NO_NULLS: Final = rb"[\x02\x12\x22\x32\x42\x52\x62\x72\x82\x92\xa2\xb2\xc2\xd2\xe2\xf2]."
OPENINGS: Final = (
    # A size with the mark of compression; size of the content, with the method in its highest bits; what can
    # begin: no method begins with a copy of what isn't there yet. Small ones apart: they hold little.
    *(
        Opening("toast", expression, INLINE, plausible=_compresses, aligned=True)
        for expression in (
            rb"[%s]\x00\x00\x00.[\x00-\x13]\x00\x00[%s]" % (_bytes(2, 0x42), _bytes(0, of=2)),
            rb"[%s]\x00\x00\x00.[\x00-\x3f]\x00\x40[\x10-\xff]" % _bytes(2, 0x32),
            rb"[%s][\x01-\x7f]\x00\x00..[\x00-\x0b]\x00[%s]" % (_bytes(2), _bytes(0, of=2)),
            rb"[%s][\x01-\x7f]\x00\x00..[\x00-\x2f]\x40[\x10-\xff]" % _bytes(2),
        )
    ),
    Opening(
        "toast-chunk",
        _THREE_COLUMNS
        + _VARIABLE_WIDTH_NO_NULLS
        + rb"\x18\x00......[\x00-\x0f]\x00([%s][\x00-\x7f]\x00\x00|[%s]...)"
        % (_bytes(0), _bytes(1, 3, of=2)),
        ROW + 12,
        plausible=_holds_bytes,
    ),
)
