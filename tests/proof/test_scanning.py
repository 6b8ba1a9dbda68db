"""The scan finds what is there, so that what it doesn't find isn't."""

import base64
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.proof.scanning import scan

WORD = "Éluvénthe"
PLAIN = "quelvaneyer"
NOISE = bytes(range(256)) * 40

PLANTED = {
    "utf-8": WORD.encode(),
    "utf-8 in capitals": PLAIN.upper().encode(),
    "utf-16": WORD.encode("utf-16-le"),
    "utf-16 of a big machine": WORD.encode("utf-16-be"),
    "latin-1": WORD.encode("latin-1"),
    "taken apart": "E\u0301luve\u0301nthe".encode(),
    "hex": b"\\x" + WORD.encode().hex().encode(),
    "hex of capitals": PLAIN.encode().hex().upper().encode(),
    "percent": quote(WORD).encode(),
    "a form": quote_plus(f"{WORD} & Cie").encode(),
    "json": json.dumps({"name": WORD}).encode(),
    "an address": f"<{PLAIN.capitalize()}@mail.example>".encode(),
    **{f"base64 after {lead}": base64.b64encode(b"n" * lead + WORD.encode() + b"!") for lead in range(4)},
    **{
        f"base64 in capitals after {lead}": base64.b64encode(b"n" * lead + PLAIN.upper().encode() + b"!")
        for lead in range(4)
    },
    "base64url": base64.urlsafe_b64encode(f"é{WORD}é".encode()),
    "base64 of utf-16": base64.b64encode(f"n{WORD}n".encode("utf-16-le")),
}


@pytest.mark.parametrize("form", PLANTED)
def test_every_form_is_found(tmp_path: Path, form: str) -> None:
    here, elsewhere = tmp_path / "0000000100", tmp_path / "16384"
    here.write_bytes(NOISE + PLANTED[form] + NOISE)
    elsewhere.write_bytes(NOISE)
    found = scan([here, elsewhere], [WORD.lower(), WORD, PLAIN])
    assert {one.path for one in found} == {here}
    assert scan([here], ["zorvalkine"]) == []
