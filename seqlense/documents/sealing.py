"""Files as chunks, each sealed with AES-256-GCM (NIST SP 800-38D) and bound to its place.

A file is a head of eight bytes and sealed chunks of 64 KiB of content. Each is bound to the document's id,
its number and whether it is the last: none can be moved, left out, added, or taken from another file. Whoever
reads gets what was authenticated, a chunk at a time; whoever writes holds one chunk in memory.
"""

import io
from typing import BinaryIO, Final
from uuid import UUID

from seqlense.documents.errors import Unreadable
from seqlense.privacy.errors import SealBroken
from seqlense.privacy.keystore import Key
from seqlense.privacy.keystore.envelope import OVERHEAD

HEAD: Final = b"SEQDOC\x00\x01"
CHUNK: Final = 64 * 1024
SEALED: Final = CHUNK + OVERHEAD
_BOUND: Final = b"seqlense document\x00"


def _place(document: UUID, number: int, *, last: bool) -> bytes:
    return _BOUND + document.bytes + number.to_bytes(8) + bytes([last])


class Sealer:
    """Takes a file's content piece by piece and writes it sealed. Ended by `finish`, once."""

    def __init__(self, into: BinaryIO, document: UUID, key: Key) -> None:
        self.size = 0
        self._into, self._document, self._key = into, document, key
        self._held = bytearray()
        self._number = 0
        into.write(HEAD)

    def write(self, content: bytes) -> None:
        """Any number of bytes. Raises OSError as the disk does."""
        self.size += len(content)
        self._held += content
        while len(self._held) > CHUNK:  # one byte is always held back: the last chunk is known by its place
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def finish(self) -> None:
        """Write what is held as the last chunk, empty for an empty file."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, content: bytes, *, last: bool) -> None:
        self._into.write(self._key.seal(content, _place(self._document, self._number, last=last)))
        self._number += 1


class Reader(io.RawIOBase):
    """A sealed file, read as its content from any place; one chunk is in memory.

    Raises Unreadable, at once for a file cut short and otherwise when the chunk is reached.
    """

    def __init__(self, source: BinaryIO, document: UUID, key: Key) -> None:
        super().__init__()
        self._source, self._document, self._key = source, document, key
        body = source.seek(0, io.SEEK_END) - len(HEAD)
        source.seek(0)
        if source.read(len(HEAD)) != HEAD or body < OVERHEAD:
            raise Unreadable
        self._chunks = -(-body // SEALED)
        self.size = body - self._chunks * OVERHEAD
        self._at = 0
        self._number, self._content = -1, b""
        self._open(self._chunks - 1)  # its mark says that this is where the file ends

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: "io._WritableBuffer", /) -> int:  # type: ignore[name-defined]  # typeshed's
        """Up to a chunk's end."""
        if self._at >= self.size:
            return 0
        number, within = divmod(self._at, CHUNK)
        self._open(number)
        target = memoryview(buffer).cast("B")
        piece = self._content[within : within + len(target)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def read(self, size: int = -1, /) -> bytes:
        """That many bytes, fewer only at the end: chunks are none of the reader's concern."""
        left = self.size - self._at if size < 0 else size
        found = bytearray()
        while left > 0 and (piece := super().read(left)):
            found += piece
            left -= len(piece)
        return bytes(found)

    def close(self) -> None:
        self._source.close()
        self._content = b""
        super().close()

    def _open(self, number: int) -> None:
        if number == self._number:
            return
        self._source.seek(len(HEAD) + number * SEALED)
        sealed = self._source.read(SEALED)
        last = number == self._chunks - 1
        try:
            self._content = self._key.open(sealed, _place(self._document, number, last=last))
        except SealBroken:
            raise Unreadable from None
        self._number = number
