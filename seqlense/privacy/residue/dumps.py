"""Archives of `pg_dump --format=custom`, a compressed table cut into pieces, a length before each."""

from typing import Final

from seqlense.privacy.residue.searching import Opening
from seqlense.privacy.residue.streams import Begin, Stream

NUMBER: Final = 5  # a sign and four bytes, the lowest first
LONGEST_PIECE: Final = 1 << 26


class Table:
    """A tap that joins the pieces of one table's data. Ends at a length of zero, or at what is no length."""

    def __init__(self, stream: Stream, offset: int) -> None:
        self._child = stream.child("pg_dump", offset)
        self._number = b""
        self._left = 0
        self._skipped = 1 + NUMBER  # the kind of the block, and the table's number

    def feed(self, piece: memoryview) -> bool:
        """Lengths and pieces, by turns."""
        if self._skipped:
            skipped = min(self._skipped, len(piece))
            self._skipped -= skipped
            piece = piece[skipped:]
        while len(piece):
            if self._left:
                part, piece = piece[: self._left], piece[self._left :]
                self._left -= len(part)
                self._child.feed(bytes(part))
                continue
            missing = NUMBER - len(self._number)
            self._number += piece[:missing]
            piece = piece[missing:]
            if len(self._number) == NUMBER:
                sign, self._left = self._number[0], int.from_bytes(self._number[1:], "little")
                self._number = b""
                if sign or not 0 < self._left <= LONGEST_PIECE:
                    return False
        return True

    def close(self) -> None:
        """What was joined so far has been searched."""
        self._child.close()


# A data block, the table's number, the first length, and how zlib, zstd or LZ4 begins.
OPENINGS: Final = (
    Opening(
        "pg_dump",
        rb"\x01\x00...[\x00-\x0f]\x00...[\x00-\x03](\x78[\x01\x5e\x9c\xda]..|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18)",
        15,
    ),
)
BEGINS: Final[dict[str, Begin]] = {"pg_dump": Table}
