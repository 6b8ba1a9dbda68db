"""Members of ZIP archives; .docx, .xlsx, .odt, .jar and the like are such archives."""

from typing import Final

from seqlense.privacy.residue.packed import Unpacking
from seqlense.privacy.residue.searching import Opening
from seqlense.privacy.residue.streams import Begin, Stream

HEAD: Final = 30
ENCRYPTED: Final = 0x0001
DEFLATE: Final = 8
SEEN_ANYWAY: Final = (0, 12, 93, 95)
"""Stored, bzip2, zstd, xz: the archive's own bytes show such a member, or how its packing begins."""


class Member:
    """A tap that reads a member's local header (APPNOTE 4.3.7), then unpacks what follows."""

    def __init__(self, stream: Stream, offset: int) -> None:
        self._stream, self._offset = stream, offset
        self._held = b""
        self._inner: Unpacking | None = None

    def feed(self, piece: memoryview) -> bool:
        """Header first, however it is cut; then the member."""
        if self._inner is not None:
            return self._inner.feed(piece)
        self._held += piece
        if len(self._held) < HEAD:
            return True
        head = self._held
        body = HEAD + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        if len(head) < body:
            return True
        self._held = b""
        flags, method = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
        if flags & ENCRYPTED or method not in (DEFLATE, *SEEN_ANYWAY):
            reason = "encrypted" if flags & ENCRYPTED else "unknown-packing"
            self._stream.search.journal.unread(self._stream.locate(self._offset), reason)
            return False
        if method != DEFLATE:
            return False
        self._inner = Unpacking(self._stream, self._offset, "deflate", name="zip")
        return self._inner.feed(memoryview(head)[body:])

    def close(self) -> None:
        """The member is over, or cut off."""
        if self._inner is not None:
            self._inner.close()


# version needed up to 6.3, its system, flags, a method below 100 (the high byte of both is zero)
OPENINGS: Final = (Opening("zip", rb"PK\x03\x04[\x00-\x3f][\x00-\x14]..[\x00-\x63]\x00", 10),)
BEGINS: Final[dict[str, Begin]] = {"zip": Member}
