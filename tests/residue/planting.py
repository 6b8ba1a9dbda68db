"""One marker, as software of many kinds would leave it in a file."""

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

import lz4.block
import lz4.frame
from backports import zstd

from seqlense.privacy import residue
from seqlense.privacy.residue import Finding, Scanner

WORD: Final = "Éluvénthe Orbrézac"
PLAIN: Final = "ines.quelvaneyer@mail.example"
MARKERS: Final = residue.typed(f"{WORD}\n{PLAIN}")
ABSENT: Final = residue.typed("Zorvalkine Brocelandin")
SCANNER: Final = Scanner(MARKERS)
NOISE: Final = bytes(range(256)) * 40

WRITTEN: Final[dict[str, bytes]] = {
    "utf-8": WORD.encode(),
    "utf-8 small": WORD.lower().encode(),
    "utf-8 in capitals": WORD.upper().encode(),
    "utf-8 as a title": WORD.title().encode(),
    "utf-8 in any case": PLAIN.swapcase().title().encode(),
    "utf-8 taken apart": unicodedata.normalize("NFD", WORD).encode(),
    "utf-8 taken apart, in capitals": unicodedata.normalize("NFD", WORD.upper()).encode(),
    "utf-16-le": WORD.encode("utf-16-le"),
    "utf-16-be": WORD.upper().encode("utf-16-be"),
    "latin-1": WORD.encode("latin-1"),
    "hex": b"\\x" + WORD.encode().hex().encode(),
    "hex in capitals": WORD.lower().encode().hex().upper().encode(),
    "hex of utf-16-le": PLAIN.upper().encode("utf-16-le").hex().encode(),
    "percent": quote(WORD).encode(),
    "percent, small": quote(WORD).lower().encode(),
    "percent of an address": quote(PLAIN, safe="").encode(),
    "a form": quote_plus(f"{WORD} & Cie").encode(),
    "json": json.dumps({"name": WORD}).encode(),
    "json in capitals": json.dumps({"name": WORD}).replace("\\u00c9", "\\u00C9").encode(),
    "html": html.escape(WORD).encode("ascii", "xmlcharrefreplace"),
    "escaped": repr(WORD.encode()).encode(),
    "quoted-printable": quopri.encodestring(WORD.encode()),
    "an address": f"<{PLAIN.capitalize()}>".encode(),
    **{f"base64 after {lead}": base64.b64encode(b"n" * lead + WORD.encode() + b"!") for lead in range(4)},
    **{
        f"base64 in capitals after {lead}": base64.b64encode(b"n" * lead + PLAIN.upper().encode())
        for lead in range(3)
    },
    "base64url": base64.urlsafe_b64encode(f"~~~{WORD}~~~".encode()),
    "base64url without padding": base64.urlsafe_b64encode(WORD.title().encode()).rstrip(b"="),
    "base64 of utf-16-le": base64.b64encode(f"n{WORD}n".encode("utf-16-le")),
    "base64 of utf-16-be": base64.b64encode(f"n{PLAIN}n".encode("utf-16-be")),
}


def found(*places: Path, scanner: Scanner = SCANNER) -> list[Finding]:
    """What is found there; everything could be read."""
    findings = scanner.scan(places)
    assert findings.unread == ()
    assert findings.count == len(findings.found)
    return list(findings.found)


def pdf(text: str) -> bytes:
    """A page that shows a text, its content compressed."""
    content = zlib.compress(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    file, offsets = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    entries = b"".join(b"%010d 00000 n \n" % one for one in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, entries)
    return file + head + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(file)


def zipped(content: bytes, method: int = zipfile.ZIP_DEFLATED, name: str = "word/document.xml") -> bytes:
    """An archive with a few members, one of which is the content."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>" * 100)
        archive.writestr(name, content)
        archive.writestr("media/image.bin", NOISE)
    return packed.getvalue()


def mail(text: str, attachment: bytes) -> bytes:
    """A message as a mail spool has it: quoted-printable text, base64 attachment."""
    message = EmailMessage()
    message["Subject"] = "Your invoice"
    message.set_content(f"{'é' * 70} {text} " * 3, cte="quoted-printable")
    message.add_attachment(attachment, maintype="application", subtype="octet-stream", filename="a.bin")
    return bytes(message)


def datum(content: bytes) -> bytes:
    """A value as PostgreSQL keeps it in its row when it compresses by LZ4 (varatt.h, va_compressed)."""
    packed = bytes(lz4.block.compress(content, store_size=False))
    size = len(packed) + 8
    return (size << 2 | 2).to_bytes(4, "little") + (len(content) | 1 << 30).to_bytes(4, "little") + packed


def chunks(content: bytes, value: int = 77_001) -> list[bytes]:
    """A value compressed by LZ4 as the rows of a TOAST table: heads as in a heap page, then three columns."""
    whole = datum(content)[4:]
    rows = []
    for number, at in enumerate(range(0, len(whole), 1996)):
        chunk = whole[at : at + 1996]
        head = bytes(18) + bytes((3, 0, 2, 9, 24, 0))
        columns = value.to_bytes(4, "little") + number.to_bytes(4, "little")
        rows.append(head + columns + (len(chunk) + 4 << 2).to_bytes(4, "little") + chunk)
    return rows


TEXT: Final = ("lorem ipsum dolor sit amet " * 120 + WORD + " consectetur " * 90).encode()
LONG: Final = b"".join(b"%d line of many words that differ a little\n" % one for one in range(6000))
TOAST_LONG: Final = LONG[:150_000] + WORD.encode() + LONG[150_000:]

PACKED: Final[dict[str, Callable[[], bytes]]] = {
    "gzip": lambda: gzip.compress(TEXT),
    "gzip, second of two": lambda: gzip.compress(b"first") + gzip.compress(TEXT),
    "gzip, across two": lambda: gzip.compress(TEXT[:3250]) + gzip.compress(TEXT[3250:]),
    "gzip with a name": lambda: b"\x1f\x8b\x08\x08\0\0\0\0\0\3" + b"notes.txt\0" + gzip.compress(TEXT)[10:],
    "gzip, cut off": lambda: gzip.compress(TEXT + NOISE)[:-200],
    **{f"zlib, level {level}": partial(zlib.compress, TEXT, level) for level in (0, 1, 6, 9)},
    "zlib, small window": lambda: _deflated(TEXT, 10),
    "zip": lambda: zipped(TEXT),
    "zip, stored": lambda: zipped(TEXT, zipfile.ZIP_STORED),
    "zip, bzip2": lambda: zipped(TEXT, zipfile.ZIP_BZIP2),
    "zip in a zip": lambda: zipped(zipped(TEXT), name="inner.docx"),
    "PDF": lambda: pdf(PLAIN),
    "PDF in a zip": lambda: zipped(pdf(PLAIN)),
    "zstd": lambda: zstd.compress(TEXT),
    "lz4": lambda: lz4.frame.compress(TEXT),
    "bzip2": lambda: bz2.compress(TEXT),
    "xz": lambda: lzma.compress(TEXT),
    "mail, its text": lambda: mail(WORD, NOISE),
    "mail, attached": lambda: mail("hello", NOISE + TEXT),
    "mail, attached and packed": lambda: mail("hello", zipped(TEXT)),
    "base64 of gzip in JSON": lambda: b'{"file": "' + base64.b64encode(gzip.compress(TEXT)) + b'"}',
    "PostgreSQL's LZ4 in a row": lambda: b"\0\0\0\0" + datum(TEXT) + b"\0\0",
    "PostgreSQL's LZ4 in chunks": lambda: b"".join(reversed(chunks(TOAST_LONG))),
    "PostgreSQL's LZ4, some chunks lost": lambda: b"".join(chunks(TOAST_LONG)[:-4]),
}


def _deflated(content: bytes, window_bits: int) -> bytes:
    packer = zlib.compressobj(wbits=window_bits)
    return packer.compress(content) + packer.flush()
