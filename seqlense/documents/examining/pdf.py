"""PDF: begins as one, ends as one, is nothing else besides, and carries no program.

What stands inside compressed streams isn't looked at; no page here opens a PDF, and it is handed out as a
file to keep, never shown.
"""

import re
from typing import Final

from seqlense.documents.errors import FileRefused
from seqlense.documents.sealing import CHUNK, Reader

BEGINS: Final = re.compile(rb"%PDF-[12]\.\d")
ENDS: Final = b"%%EOF"
TAIL: Final = 1024
ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
ACTIVE: Final = re.compile(rb"/(?:(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|GoToE)\b|XFA[\s\[%])")
LOCKED: Final = re.compile(rb"/Encrypt\b")
OVERLAP: Final = 64


def look(content: Reader) -> None:
    """ISO 32000-2, 7.5. Raises FileRefused."""
    content.seek(0)
    if not BEGINS.match(content.read(16)):
        raise FileRefused("documents.file.lying")
    content.seek(-min(TAIL, content.size), 2)
    tail = content.read(TAIL)
    _before, ends, after = tail.rpartition(ENDS)
    if not ends:
        raise FileRefused("documents.file.damaged")
    if after.strip(b"\r\n\t \x00"):
        raise FileRefused("documents.file.after")
    _no_program(content)


def _no_program(content: Reader) -> None:
    content.seek(0)
    before = b""
    while piece := content.read(CHUNK):
        text = ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), before + piece)
        if ACTIVE.search(text):
            raise FileRefused("documents.file.active")
        if LOCKED.search(text):
            raise FileRefused("documents.file.locked")
        before = piece[-OVERLAP:]
