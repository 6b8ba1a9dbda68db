"""The kinds of file taken, and who looks into each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import puremagic

from seqlense.documents.errors import FileRefused
from seqlense.documents.examining import hidden, office, pdf, pictures, texts
from seqlense.documents.examining.naming import clean, extension
from seqlense.documents.sealing import Reader

SNIFFED: Final = 4096


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of file. media: what it is remembered as. look: raises FileRefused. is_archive: has parts."""

    media: str
    look: Callable[[Reader], None]
    is_archive: bool = False


KINDS: Final = {
    "pdf": Kind(media="application/pdf", look=pdf.look),
    "png": Kind(media="image/png", look=pictures.png),
    "jpg": Kind(media="image/jpeg", look=pictures.jpeg),
    "jpeg": Kind(media="image/jpeg", look=pictures.jpeg),
    "webp": Kind(media="image/webp", look=pictures.webp),
    "txt": Kind(media="text/plain", look=texts.look),
    "csv": Kind(media="text/csv", look=texts.look),
    "odt": Kind(media=office.ODT, look=office.odt, is_archive=True),
    "ods": Kind(media=office.ODS, look=office.ods, is_archive=True),
    "docx": Kind(media=office.DOCX, look=office.docx, is_archive=True),
    "xlsx": Kind(media=office.XLSX, look=office.xlsx, is_archive=True),
}
"""By the ending of the name."""
ACCEPT: Final = ",".join(f".{ending}" for ending in KINDS)
"""For a form's `accept`."""


def examine(content: Reader, name: str) -> tuple[str, str]:
    """The name, cleaned, and the media type of a file that may be taken. Raises FileRefused."""
    called = clean(name)
    kind = KINDS.get(extension(called))
    if kind is None:
        raise FileRefused("documents.file.kind")
    if content.size == 0:
        raise FileRefused("documents.file.empty")
    _second_opinion(content, extension(called))
    kind.look(content)
    hidden.look(content, extension(called), is_archive=kind.is_archive)
    return called, kind.media


def _second_opinion(content: Reader, ending: str) -> None:
    """A general library of signatures must not say that it is something else."""
    content.seek(0)
    head = content.read(SNIFFED)
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    endings = {one.extension.lstrip(".") for one in found}
    if ending in texts.ENDINGS:
        if any(len(one.byte_match) > 3 and one.extension.lstrip(".") in texts.NEVER for one in found):
            raise FileRefused("documents.file.lying")
    elif ending not in endings:
        raise FileRefused("documents.file.lying")
