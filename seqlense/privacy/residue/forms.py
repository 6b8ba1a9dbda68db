"""In which bytes a text may lie on a disk: every form in which software writes it down."""

import base64
import html
import json
import quopri
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, quote_plus

ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Bytes to look for.

    marker: the number of the marker they come from. form: what they are, such as "base64 of utf-16-le".
    folded: whether the case of ASCII letters in them says nothing.
    """

    marker: int
    form: str
    sought: bytes = field(repr=False)
    folded: bool


def patterns(number: int, text: str) -> list[Pattern]:
    """Every form of a marker, none twice. The plainest name wins where two forms are the same bytes."""
    found: dict[tuple[bool, bytes], Pattern] = {}
    for folded, forms in ((True, _folded(text)), (False, _exact(text))):
        for form, sought in forms:
            key = (folded, sought.lower() if folded else sought)
            found.setdefault(key, Pattern(number, form, key[1], folded))
    return list(found.values())


def _shapes(text: str) -> list[str]:
    """The text as it stands, small, in capitals and as a title; composed and taken apart."""
    cases = dict.fromkeys((text, text.lower(), text.upper(), text.title()))
    return list(dict.fromkeys(unicodedata.normalize(how, one) for how in ("NFC", "NFD") for one in cases))


def _encoded(shapes: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for encoding in ENCODINGS:
        for shape in shapes:
            try:
                yield encoding, shape.encode(encoding)
            except UnicodeEncodeError:
                continue


def _folded(text: str) -> Iterator[tuple[str, bytes]]:
    """Forms that keep ASCII letters as letters, or write bytes as digits of either case."""
    shapes = _shapes(text)
    yield from _encoded(shapes)
    for encoding, encoded in _encoded(shapes):
        yield f"hex of {encoding}", encoded.hex().encode()
    for shape in shapes:
        yield from ((name, escaped.encode("utf-8", "surrogatepass")) for name, escaped in _escaped(shape))


def _escaped(text: str) -> Iterator[tuple[str, str]]:
    latin = text.encode("latin-1", "ignore").decode("latin-1") == text
    for encoding in ("utf-8", "latin-1") if latin else ("utf-8",):
        for safe in ("", "/", "@", "@/:+"):
            yield "percent", quote(text, safe=safe, encoding=encoding)
        yield "percent", quote_plus(text, encoding=encoding)
        for header in (False, True):  # in a mail's header a space is an underscore
            encoded = text.encode(encoding)
            yield "quoted-printable", quopri.encodestring(encoded, header=header).decode("ascii")
    yield "json", json.dumps(text)[1:-1]
    yield "json", json.dumps(text, ensure_ascii=False)[1:-1]
    yield "json", json.dumps(text)[1:-1].replace("/", "\\/")
    yield "html", html.escape(text)
    yield "html", html.escape(text).encode("ascii", "xmlcharrefreplace").decode()
    yield "html", "".join(one if one.isascii() else f"&#x{ord(one):x};" for one in html.escape(text))
    yield "escaped", repr(text.encode())[2:-1]


def _exact(text: str) -> Iterator[tuple[str, bytes]]:
    """Base64, where case counts: the characters that are sure, wherever in it the text begins."""
    for encoding, encoded in _encoded(_shapes(text)):
        for lead in range(3):
            # The first and the last character mix with what stands around: only those between are sure.
            whole = base64.b64encode(bytes(lead) + encoded)
            sure = whole[-(-lead * 8 // 6) : (lead + len(encoded)) * 8 // 6]
            yield f"base64 of {encoding}", sure
            yield f"base64url of {encoding}", sure.translate(URL_SAFE)
