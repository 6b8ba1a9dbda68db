"""Packings made of text: base64 in lines, or of a known kind of file; quoted-printable lines of a mail."""

import base64
import re
from typing import Final

from seqlense.privacy.residue.searching import Opening
from seqlense.privacy.residue.streams import Begin, Stream

NO_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/\r\n]")
LINE_ENDS: Final = b"\r\n"
SOFT_BREAK: Final = re.compile(rb"=\r?\n")
ESCAPED: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
WITHOUT_BREAK: Final = 1000
"""Bytes. A line of quoted-printable has 76 at most (RFC 2045, 6.7)."""
TOO_LONG: Final = re.compile(rb"[^\n]{%d}" % WITHOUT_BREAK)


class Base64:
    """A tap that decodes from a beginning up to the first byte that doesn't belong."""

    def __init__(self, stream: Stream, offset: int) -> None:
        self._child = stream.child("base64", offset)
        self._rest = b""
        self.reach = offset

    def feed(self, piece: memoryview) -> bool:
        """Four characters at a time; line ends don't count."""
        text = bytes(piece)
        over = NO_BASE64.search(text)
        text = text[: over.start()] if over else text
        self.reach += len(text)
        text = self._rest + text.translate(None, LINE_ENDS)
        whole = len(text) - len(text) % 4
        self._rest = text[whole:]
        self._child.feed(base64.b64decode(text[:whole]))
        if over and len(self._rest) > 1:
            self._child.feed(base64.b64decode(self._rest + b"=" * (4 - len(self._rest))))
        return over is None

    def close(self) -> None:
        """What was decoded so far has been searched."""
        self._child.close()


class QuotedPrintable:
    """A tap that joins and decodes lines, until one is too long to be such a line."""

    def __init__(self, stream: Stream, offset: int) -> None:
        self._child = stream.child("quoted-printable", offset)
        self._rest = b""
        self.reach = offset

    def feed(self, piece: memoryview) -> bool:
        """Up to the last whole line; the rest waits."""
        self.reach += len(piece)
        text = self._rest + bytes(piece)
        end = text.rfind(b"\n") + 1
        lines, self._rest = text[:end], text[end:]
        self._child.feed(self._decoded(lines))
        return len(self._rest) < WITHOUT_BREAK and not TOO_LONG.search(lines)

    def close(self) -> None:
        """The last line has no end."""
        self._child.feed(self._decoded(self._rest))
        self._child.close()

    @staticmethod
    def _decoded(lines: bytes) -> bytes:
        return ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), SOFT_BREAK.sub(b"", lines))


OPENINGS: Final = (
    Opening("base64", rb"[\r\n][A-Za-z0-9+/]{60}", 61, alone=True),
    # how gzip, PDF, ZIP and zstd begin
    Opening("base64", rb"H4sI...|JVBERi0|UEsDB..|KLUv/Q.", 7, alone=True),
    Opening("quoted-printable", rb"[\t\x20-\x7e]{60}=\r?\n", 63, alone=True),
)
BEGINS: Final[dict[str, Begin]] = {"base64": Base64, "quoted-printable": QuotedPrintable}
