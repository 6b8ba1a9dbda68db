"""Documents of word processors and spreadsheets: ZIP archives, opened with a limit on everything.

Each part is unpacked once, piece by piece and counted, to see that it is what the archive says; nothing of it
is kept. Macros, embedded objects, archives within the archive, parts fetched from elsewhere and document type
definitions are refused.
"""

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Final
from xml.etree import ElementTree as ET

from seqlense.documents.errors import FileRefused
from seqlense.documents.sealing import CHUNK, Reader

ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PARTS: Final = 2_000
MOST_UNPACKED: Final = 100 * 1024 * 1024
STEEPEST: Final = 150
"""How many times larger than packed a part may be, once it is larger than `FREELY`."""
FREELY: Final = 1024 * 1024
LONGEST_TYPES: Final = 1024 * 1024
MACROS: Final = re.compile(
    r"vbaproject|vbadata|/macros?/|(^|/)basic/|(^|/)scripts/|\.bin$|activex|customui", re.IGNORECASE
)
HARMLESS: Final = re.compile(r"xl/printerSettings/printerSettings\d+\.bin", re.IGNORECASE)
"""How the page was last printed: almost every spreadsheet has it."""
EMBEDDED: Final = re.compile(r"embeddings/|^object ?\d+$|oleobject", re.IGNORECASE)
"""Charts of an OpenDocument are folders of XML, "Object 1/": parts like any other."""
PACKED: Final = re.compile(r"\.(zip|7z|rar|gz|docx|xlsx|pptx|odt|ods|docm|xlsm|jar)$", re.IGNORECASE)
SIGNATURES: Final = (b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b\x08", b"MZ", b"\xd0\xcf\x11\xe0")
DEFINITION: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
OVERLAP: Final = 2048

type Main = Callable[[zipfile.ZipFile], bool]


def docx(content: Reader) -> None:
    """ECMA-376, word processing."""
    _look(content, lambda archive: _open_xml(archive, "word/document.xml", f"{DOCX}.main+xml"))


def xlsx(content: Reader) -> None:
    """ECMA-376, spreadsheets."""
    _look(content, lambda archive: _open_xml(archive, "xl/workbook.xml", f"{XLSX}.main+xml"))


def odt(content: Reader) -> None:
    """ISO/IEC 26300, text."""
    _look(content, lambda archive: _open_document(archive, ODT))


def ods(content: Reader) -> None:
    """ISO/IEC 26300, spreadsheets."""
    _look(content, lambda archive: _open_document(archive, ODS))


def _look(content: Reader, is_right: Main) -> None:
    content.seek(0)
    if content.read(4) != b"PK\x03\x04":
        raise FileRefused("documents.file.lying")
    try:
        with zipfile.ZipFile(content) as archive:
            _whole(content, archive)
            _counted(archive)
            if not is_right(archive):
                raise FileRefused("documents.file.lying")
            for part in archive.infolist():
                _unpacked(archive, part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        RuntimeError,
        KeyError,
        ValueError,
    ):
        raise FileRefused("documents.file.damaged") from None


def _whole(content: Reader, archive: zipfile.ZipFile) -> None:
    """Nothing before the first part, nothing after the directory: no other file is hidden around it."""
    if archive.comment or min((one.header_offset for one in archive.infolist()), default=0) != 0:
        raise FileRefused("documents.file.two")
    content.seek(-22, 2)
    if content.read(4) != b"PK\x05\x06":
        raise FileRefused("documents.file.after")


def _counted(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [one.filename for one in parts]
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise FileRefused("documents.file.bomb")
    if len({name.lower() for name in names}) != len(names) or any(_leads_out(name) for name in names):
        raise FileRefused("documents.file.damaged")
    if any(_runs(name) for name in names):
        raise FileRefused("documents.file.active")
    if any(PACKED.search(name) for name in names):
        raise FileRefused("documents.file.packed")
    for one in parts:
        if one.flag_bits & 0x1:
            raise FileRefused("documents.file.locked")
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused("documents.file.damaged")
        if one.file_size > FREELY and one.file_size > STEEPEST * max(one.compress_size, 1):
            raise FileRefused("documents.file.bomb")


def _runs(name: str) -> bool:
    return bool(EMBEDDED.search(name) or (MACROS.search(name) and not HARMLESS.fullmatch(name)))


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/")


def _open_xml(archive: zipfile.ZipFile, main: str, kind: str) -> bool:
    if main not in archive.namelist() or "[Content_Types].xml" not in archive.namelist():
        return False
    types = _read(archive, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise FileRefused("documents.file.active")
    return kind.encode() in types


def _open_document(archive: zipfile.ZipFile, kind: str) -> bool:
    first = archive.infolist()[0]
    stored = first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in _read(
        archive, "META-INF/manifest.xml"
    ):
        raise FileRefused("documents.file.locked")
    return stored and _read(archive, "mimetype").strip() == kind.encode()


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(LONGEST_TYPES)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """All of it, counted: what the directory says of its size may be a lie."""
    with archive.open(part) as content:
        head = content.read(8)
        if head.startswith(SIGNATURES):
            raise FileRefused("documents.file.packed")
        unpacked = len(head) + _walked(
            content, head, is_xml=part.filename.lower().endswith((".xml", ".rels"))
        )
    if unpacked != part.file_size:
        raise FileRefused("documents.file.bomb")
    if part.filename.lower().endswith(".rels"):
        _nothing_from_elsewhere(archive, part)


def _walked(content: IO[bytes], head: bytes, *, is_xml: bool) -> int:
    size, before = 0, head
    while piece := content.read(CHUNK):
        size += len(piece)
        if size > MOST_UNPACKED:
            raise FileRefused("documents.file.bomb")
        if is_xml:
            _no_definition(before + piece)
        before = piece[-OVERLAP:]
    if is_xml and not size:
        _no_definition(before)
    return size


def _no_definition(text: bytes) -> None:
    if DEFINITION.search(text.replace(b"\0", b"")):
        raise FileRefused("documents.file.active")


def _nothing_from_elsewhere(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """ECMA-376-2, 6.5: only hyperlinks, which somebody has to click, may lead out of the document."""
    if part.file_size > LONGEST_TYPES:
        raise FileRefused("documents.file.bomb")
    try:
        root = ET.fromstring(_read(archive, part.filename))  # noqa: S314  # no definitions: looked at
    except ET.ParseError:
        raise FileRefused("documents.file.damaged") from None
    for one in root.iter():
        mode, kind = one.get("TargetMode", ""), one.get("Type", "")
        if mode.strip().lower() == "external" and not kind.endswith("/hyperlink"):
            raise FileRefused("documents.file.outside")
