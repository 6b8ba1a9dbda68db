"""PostgreSQL's own compression of long values, and LZ4's of blocks, undone as far as the bytes go.

Both take what was cut off or partly overwritten, too: what could be undone before is given back.
"""

from typing import Final, NamedTuple

BITS: Final = (1, 2, 4, 8, 16, 32, 64, 128)
LONG_COPY: Final = 18
FIRST_COPY: Final = 1024 + 8
"""PostgreSQL doesn't compress what repeats nothing within its first 1,024 bytes (first_success_by)."""


class Undone(NamedTuple):
    """content: what came out. whole: the packed bytes ended where the content was complete."""

    content: bytes
    whole: bool


def undo_pglz(packed: bytes, size: int) -> Undone:
    """common/pg_lzcompress.c, pglz_decompress. size: of the content, as the value's head says."""
    out = bytearray()
    at, end, copied = 0, len(packed), False
    try:
        while at < end and len(out) < size:
            control = packed[at]
            at += 1
            if not control:  # eight bytes as they are
                out += packed[at : at + 8]
                at += 8
                if not copied and len(out) > FIRST_COPY:
                    return Undone(b"", whole=False)
                continue
            for bit in BITS:
                if not control & bit:
                    out.append(packed[at])
                    at += 1
                    continue
                length, back = (packed[at] & 0x0F) + 3, (packed[at] & 0xF0) << 4 | packed[at + 1]
                at += 2
                if length == LONG_COPY:
                    length += packed[at]
                    at += 1
                if not 0 < back <= len(out):
                    return Undone(bytes(out), whole=False)
                copied = True
                _repeat(out, back, length)
                if len(out) >= size:
                    break
    except IndexError:  # the packed bytes are over
        at = end
    return Undone(bytes(out[:size]), whole=len(out) >= size and at >= end)


def undo_lz4(packed: bytes, size: int) -> Undone:
    """LZ4's block format (lz4_Block_format.md)."""
    out = bytearray()
    at, end = 0, len(packed)
    while at < end and len(out) < size:
        token = packed[at]
        literals, at = _length(packed, at + 1, token >> 4)
        out += packed[at : at + literals]
        at += literals
        if at + 2 > end:
            break
        back = packed[at] | packed[at + 1] << 8
        repeated, at = _length(packed, at + 2, token & 0x0F)
        if not 0 < back <= len(out):
            return Undone(bytes(out[:size]), whole=False)
        _repeat(out, back, min(repeated + 4, size))
    return Undone(bytes(out[:size]), whole=len(out) == size and at >= end)


def _length(packed: bytes, at: int, length: int) -> tuple[int, int]:
    if length == 15:
        while at < len(packed):
            more = packed[at]
            length += more
            at += 1
            if more != 255:
                break
    return length, at


def _repeat(out: bytearray, back: int, length: int) -> None:
    start = len(out) - back
    if back >= length:
        out += out[start : start + length]
    else:
        out += (bytes(out[start:]) * (length // back + 1))[:length]
