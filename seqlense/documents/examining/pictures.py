"""Pictures, walked from mark to mark and never drawn: they begin, they end, and nothing follows."""

import struct
import zlib
from typing import Final

from seqlense.documents.errors import FileRefused
from seqlense.documents.sealing import CHUNK, Reader

PNG: Final = b"\x89PNG\r\n\x1a\n"
LARGEST_SIDE: Final = 30_000
BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Marks of a JPEG without a length."""
SCAN, END = 0xDA, 0xD9
ENDS: Final = bytes([0xFF, END])


def exactly(content: Reader, size: int) -> bytes:
    """That many bytes. Raises FileRefused where the file ends before."""
    found = bytearray()
    while len(found) < size:
        piece = content.read(size - len(found))
        if not piece:
            raise FileRefused("documents.file.damaged")
        found += piece
    return bytes(found)


def png(content: Reader) -> None:
    """W3C PNG, 5.3: signature, chunks with their checksums, IHDR first, IEND last."""
    content.seek(0)
    if exactly(content, len(PNG)) != PNG:
        raise FileRefused("documents.file.lying")
    number, kind = 0, b""
    while kind != b"IEND":
        size, kind = struct.unpack(">I4s", exactly(content, 8))
        if (number == 0) is not (kind == b"IHDR") or content.tell() + size + 4 > content.size:
            raise FileRefused("documents.file.damaged")
        _checked(content, size, kind)
        number += 1
    if content.tell() != content.size:
        raise FileRefused("documents.file.after")


def _checked(content: Reader, size: int, kind: bytes) -> None:
    check, left, head = zlib.crc32(kind), size, b""
    while left:
        piece = exactly(content, min(left, CHUNK))
        head = head or piece
        check, left = zlib.crc32(piece, check), left - len(piece)
    if struct.pack(">I", check) != exactly(content, 4):
        raise FileRefused("documents.file.damaged")
    if kind == b"IHDR" and (size != 13 or max(struct.unpack(">II", head[:8])) > LARGEST_SIDE):
        raise FileRefused("documents.file.bomb")


def jpeg(content: Reader) -> None:
    """ITU-T T.81, annex B: segments up to the first scan; the file's last mark is its end."""
    content.seek(0)
    if exactly(content, 3) != b"\xff\xd8\xff":
        raise FileRefused("documents.file.lying")
    content.seek(2)
    while (mark := _mark(content)) != SCAN:
        if mark == END:
            raise FileRefused("documents.file.damaged")
        if mark in BARE:
            continue
        size = int.from_bytes(exactly(content, 2))
        if size < 2 or content.seek(size - 2, 1) > content.size:
            raise FileRefused("documents.file.damaged")
    content.seek(-min(CHUNK, content.size), 2)
    tail = exactly(content, min(CHUNK, content.size))
    if not tail.endswith(ENDS):
        raise FileRefused("documents.file.after" if ENDS in tail else "documents.file.damaged")


def _mark(content: Reader) -> int:
    if exactly(content, 1) != b"\xff":
        raise FileRefused("documents.file.damaged")
    found = 0xFF
    while found == 0xFF:  # any number of fill bytes
        found = exactly(content, 1)[0]
    return found


def webp(content: Reader) -> None:
    """RFC 9649: a RIFF container as long as it says, whose chunks end where it ends."""
    content.seek(0)
    riff, size, form = struct.unpack("<4sI4s", exactly(content, 12))
    if riff != b"RIFF" or form != b"WEBP":
        raise FileRefused("documents.file.lying")
    if size + 8 != content.size:
        raise FileRefused("documents.file.after" if size + 8 < content.size else "documents.file.damaged")
    while content.tell() < content.size:
        _kind, length = struct.unpack("<4sI", exactly(content, 8))
        if content.seek(length + length % 2, 1) > content.size:
            raise FileRefused("documents.file.damaged")
