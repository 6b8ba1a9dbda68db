"""Files on their way in: sealed from the first byte under a key that lives in this process alone.

Whose they are is often known only after they came, so they wait under a key of the moment. If nobody takes
them they are worth nothing: the key is gone with the request, and the sweep removes what is left.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from seqlense.documents import shelf
from seqlense.documents.sealing import CHUNK, Reader, Sealer
from seqlense.kit.identifiers import uuid7
from seqlense.privacy.keystore import Key
from seqlense.privacy.keystore.envelope import Secret


class Arriving:
    """One file being received."""

    def __init__(self) -> None:
        self._id, self._key = uuid7(), Key(Secret.new())
        self.path: Path = shelf.beside(self._id)
        self._file: BinaryIO = shelf.begun(self.path)
        with shelf.room():
            self._sealer = Sealer(self._file, self._id, self._key)

    @property
    def size(self) -> int:
        """Bytes that came so far."""
        return self._sealer.size

    def write(self, content: bytes) -> None:
        """Raises NoRoom."""
        with shelf.room():
            self._sealer.write(content)

    def whole(self) -> Reader:
        """All of it is here: its content, readable from any place. Raises NoRoom."""
        with shelf.room():
            self._sealer.finish()
            self._file.flush()
        return Reader(self._file, self._id, self._key)

    def drop(self) -> None:
        """Forget it."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class Arrived:
    """A file that came whole and was found to be what it says. name: cleaned; kind: its media type."""

    def __init__(self, arriving: Arriving, content: Reader, *, name: str, kind: str) -> None:
        self.name, self.kind, self.size = name, kind, content.size
        self._arriving, self._content = arriving, content

    def pieces(self) -> Iterator[bytes]:
        """Its content from the beginning."""
        self._content.seek(0)
        while piece := self._content.read(CHUNK):
            yield piece

    def drop(self) -> None:
        """Forget it."""
        self._arriving.drop()
