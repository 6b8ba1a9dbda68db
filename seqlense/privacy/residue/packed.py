"""What general compressors make: gzip, zlib (PDF's FlateDecode, too), zip members, zstd, LZ4, bzip2, xz."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any, Final

import lz4.frame
from backports import zstd

from seqlense.privacy.residue.searching import Opening
from seqlense.privacy.residue.streams import Begin, Stream

PIECE: Final = 1 << 16
MOST_AT_ONCE: Final = 1 << 20
STEP: Final = 4
PROBE: Final = 256
BEYOND_MEASURE: Final = (1 << 32, 20_000)
"""A stream that has grown beyond so many bytes, and so many times, is a trap."""
BROKEN: Final = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, EOFError, RuntimeError)
RAW_DEFLATE: Final = -15
ZLIB: Final = 3  # bytes of a zlib stream that are looked for


class Deflated:
    """zlib's decompressor in the manner of the others. What comes before a break isn't lost with it."""

    def __init__(self, window_bits: int) -> None:
        self._inner = zlib.decompressobj(window_bits)
        self._broken = False
        self.needs_input = True

    def decompress(self, data: bytes | memoryview, most: int) -> bytes:
        """At most that much of what is inside. Raises zlib.error once all before the break is given."""
        if self._broken:
            raise zlib.error
        rest = self._inner.unconsumed_tail
        packed, before = rest + data if rest else data, self._inner.copy()
        try:
            found = self._inner.decompress(packed, most)
        except zlib.error:
            self._broken, self.needs_input = True, False
            return _until_broken(before, packed)
        self.needs_input = not self._inner.unconsumed_tail and len(found) < most
        return found

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        """What came after its end."""
        return self._inner.unused_data


def _until_broken(inner: "zlib._Decompress", packed: bytes | memoryview) -> bytes:
    found = bytearray()
    try:
        for at in range(0, len(packed), STEP):
            found += inner.decompress(packed[at : at + STEP])
    except zlib.error:
        return bytes(found)
    return bytes(found)


MAKERS: Final[dict[str, Callable[[], Any]]] = {
    "gzip": lambda: Deflated(31),
    "zlib": lambda: Deflated(15),
    "deflate": lambda: Deflated(RAW_DEFLATE),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=1 << 28),
    "zstd": lambda: zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 27}),
    "lz4": lz4.frame.LZ4FrameDecompressor,
}
MAGIC: Final = {
    "gzip": b"\x1f\x8b\x08",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "zstd": b"\x28\xb5\x2f\xfd",
    "lz4": b"\x04\x22\x4d\x18",
}
LONGEST_MAGIC: Final = max(map(len, MAGIC.values()))


class Unpacking:
    """A tap that unpacks, and goes on with the next stream of its kind where one follows at once."""

    def __init__(self, stream: Stream, offset: int, kind: str, *, name: str = "") -> None:
        self._stream, self._kind, self._name = stream, kind, name or kind
        self._offset = offset
        self._inner = MAKERS[kind]()
        self._child: Stream | None = None
        self._held = b""
        self._taken = self._given = 0

    def feed(self, piece: memoryview) -> bool:
        """Ends at the end of the packed stream, or where it is broken."""
        if self._held:
            piece, self._held = memoryview(self._held + bytes(piece)), b""
        at = 0
        while at < len(piece):
            if self._inner.eof:
                following = bytes(piece[at : at + LONGEST_MAGIC])
                if not self._begins_again(following):
                    return bool(self._held)
            part = piece[at : at + PIECE]
            try:
                self._pour(part)
            except BROKEN:
                return False
            used = len(part) - (len(self._inner.unused_data) if self._inner.eof else 0)
            at += used
            self._taken += used
            if self._beyond_measure():
                return False
        return not self._inner.eof or self._kind in MAGIC

    def close(self) -> None:
        """What was unpacked so far has been searched."""
        if self._child is not None:
            self._child.close()

    def _begins_again(self, following: bytes) -> bool:
        """Whether another stream of the kind follows. What is too short to tell is held for now."""
        magic = MAGIC.get(self._kind, b"")
        if not magic or not (following.startswith(magic) or magic.startswith(following)):
            return False
        if len(following) < len(magic):
            self._held = following
            return False
        self._stream.claimed.add(self._offset + self._taken)
        self._inner = MAKERS[self._kind]()
        return True

    def _pour(self, part: memoryview) -> None:
        data: bytes | memoryview = part
        while True:
            found = self._inner.decompress(data, MOST_AT_ONCE)
            if found:
                if self._child is None:
                    self._child = self._stream.child(self._name, self._offset)
                self._child.feed(found)
                self._given += len(found)
            if self._inner.eof or self._inner.needs_input:
                return
            data = b""

    def _beyond_measure(self) -> bool:
        least, times = BEYOND_MEASURE
        if self._given < least or self._given < times * self._taken:
            return False
        self._stream.search.journal.unread(self._stream.locate(self._offset), "beyond-measure")
        return True


def _begin(kind: str) -> Begin:
    return lambda stream, offset: Unpacking(stream, offset, kind)


def _unpacks(window: memoryview, end: int) -> bool:
    """zlib's two bytes are met by chance very often: only what can be unpacked a little counts."""
    try:
        zlib.decompressobj().decompress(window[end - ZLIB : end + PROBE], PROBE)
    except zlib.error:
        return False
    return True


def _zlib_heads() -> bytes:
    """RFC 1950, 2.2: method 8, any window, no dictionary, a multiple of 31; then no block of the type 3."""
    heads = [
        rb"\x%02x\x%02x" % (first, second)
        for first in range(0x08, 0x88, 0x10)
        for second in range(256)
        if (first * 256 + second) % 31 == 0 and not second & 0x20
    ]
    blocks = b"".join(rb"\x%02x" % one for one in range(256) if one & 6 != 6)
    return b"(%s)[%s]" % (b"|".join(heads), blocks)


OPENINGS: Final = (
    Opening("gzip", rb"\x1f\x8b\x08[\x00-\x1f]", 4),
    Opening("zlib", _zlib_heads(), ZLIB, plausible=_unpacks),
    Opening("bzip2", rb"BZh[1-9]\x31\x41\x59\x26\x53\x59", 10),
    Opening("xz", rb"\xfd7zXZ\x00\x00", 7),
    Opening("zstd", rb"\x28\xb5\x2f\xfd", 4),
    Opening("lz4", rb"\x04\x22\x4d\x18", 4),
)
BEGINS: Final = {kind: _begin(kind) for kind in ("gzip", "zlib", "bzip2", "xz", "zstd", "lz4")}
