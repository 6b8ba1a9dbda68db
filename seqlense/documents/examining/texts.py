"""Plain text and tables of it: no marks of anything else, no control characters."""

from typing import Final

from seqlense.documents.errors import FileRefused
from seqlense.documents.sealing import CHUNK, Reader

ENDINGS: Final = frozenset({"txt", "csv"})
NEVER: Final = frozenset({
    "pdf", "gif", "png", "jpg", "jpeg", "webp", "zip", "docx", "rtf", "html", "htm", "svg", "exe", "elf",
    "ps", "eps", "7z", "rar", "gz", "class", "swf",
})  # fmt: skip
"""Kinds whose signature a text must not begin with."""
STARTS: Final = (b"%PDF", b"GIF8", b"PK\x03\x04", b"{\\rtf", b"%!PS", b"<?xml", b"<!", b"#!", b"MZ\x90")
ALLOWED: Final = frozenset(b"\t\n\r\f")
CONTROLS: Final = bytes(one for one in range(32) if one not in ALLOWED) + b"\x7f"
MARK: Final = b"\xef\xbb\xbf"


def look(content: Reader) -> None:
    """UTF-8 or a one-byte alphabet as spreadsheets write it. Raises FileRefused."""
    content.seek(0)
    first = True
    while piece := content.read(CHUNK):
        if first and piece.removeprefix(MARK).lstrip().startswith(STARTS):
            raise FileRefused("documents.file.lying")
        if len(piece.translate(None, CONTROLS)) != len(piece):
            raise FileRefused("documents.file.lying")
        first = False
