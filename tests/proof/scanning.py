"""Look for words in files as bytes, in every form in which software writes words down."""

import base64
import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus


@dataclass(frozen=True)
class Found:
    """A word in a file, in a form; `at` is the offset."""

    path: Path
    word: str
    form: str
    at: int


def _shapes(word: str) -> set[str]:
    """The word in each case, composed and taken apart."""
    cases = {word, word.lower(), word.capitalize(), word.upper()}
    return {unicodedata.normalize(how, one) for how in ("NFC", "NFD") for one in cases}


def forms(word: str) -> Iterator[tuple[str, bytes]]:
    """Forms in which the case of ASCII letters says nothing: they are given, and sought, in lower case."""
    for shape in _shapes(word):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
            try:
                encoded = shape.encode(encoding)
            except UnicodeEncodeError:
                continue
            yield encoding, encoded.lower()
            yield f"hex of {encoding}", encoded.hex().encode()
        yield "percent", quote(shape).lower().encode()
        yield "form", quote_plus(shape).lower().encode()
        yield "json", json.dumps(shape)[1:-1].lower().encode()


def base64_forms(word: str) -> Iterator[tuple[str, bytes]]:
    """As it stands inside base64, wherever it begins there; case counts."""
    for shape in _shapes(word):
        for encoding in ("utf-8", "utf-16-le"):
            encoded = shape.encode(encoding)
            for lead in range(3):
                # The first and the last character mix with what stands around: only those between are sure.
                whole = base64.b64encode(b"\0" * lead + encoded)
                sure = whole[-(-lead * 8 // 6) : (lead + len(encoded)) * 8 // 6]
                yield f"base64 of {encoding}", sure
                yield f"base64url of {encoding}", sure.translate(bytes.maketrans(b"+/", b"-_"))


def scan(paths: Iterable[Path], words: Iterable[str]) -> list[Found]:
    """Every word found in any file, once for each form."""
    words = set(words)
    folded = {sought: (word, form) for word in words for form, sought in forms(word)}
    exact = {sought: (word, form) for word in words for form, sought in base64_forms(word)}
    found = []
    for path in paths:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # a running server removes files
        for where, wanted in ((content.lower(), folded), (content, exact)):
            found += [
                Found(path, *wanted[sought], at) for sought in wanted if (at := where.find(sought)) >= 0
            ]
    return found


def files(*folders: Path) -> list[Path]:
    """Every file below, whatever it is called."""
    return [one for folder in folders for one in sorted(folder.rglob("*")) if one.is_file()]
