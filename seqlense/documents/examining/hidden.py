"""What hides in an otherwise honest file: a page that browsers run, or a file of another kind."""

import re
from collections.abc import Iterator
from typing import Final

from seqlense.documents.errors import FileRefused
from seqlense.documents.sealing import CHUNK, Reader

LONGEST_MARK: Final = 16
WEB: Final = re.compile(rb"<(?:script|html|!doctype html|iframe|\?php|svg[\s/>])")
"""What a browser or a server would run, wherever in a file it stands, in lower case.

Long enough that the noise of a large photograph doesn't hold it by chance, once in hundreds of thousands.
"""
ARCHIVES: Final = (b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
"""Archives that their programs find behind anything, in lower case."""
PDF: Final = b"%PDF-"
PDF_WITHIN: Final = 1024
"""Readers look for the beginning of a PDF so far into a file."""
ZIP_END: Final = b"PK\x05\x06"
ZIP_TAIL: Final = 65_557
"""Where the end of a ZIP archive is looked for: its record and the longest comment."""


def look(content: Reader, ending: str, *, is_archive: bool) -> None:
    """Raises FileRefused: .active, .two. is_archive: a ZIP itself, looked at part by part."""
    content.seek(0)
    if ending != "pdf" and PDF in content.read(PDF_WITHIN):
        raise FileRefused("documents.file.two")
    content.seek(-min(ZIP_TAIL, content.size), 2)
    if not is_archive and ZIP_END in content.read():
        raise FileRefused("documents.file.two")
    content.seek(0)
    for piece in _overlapping(content):
        if WEB.search(piece):
            raise FileRefused("documents.file.active")
        if any(mark in piece for mark in ARCHIVES):
            raise FileRefused("documents.file.two")


def _overlapping(content: Reader) -> Iterator[bytes]:
    """The content in lower case; each piece begins with the end of the one before."""
    before = b""
    while piece := content.read(CHUNK):
        yield (before + piece).lower()
        before = piece[-LONGEST_MARK:]
