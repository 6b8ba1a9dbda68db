"""A file's name: kept as the person called it, without what could deceive or lead elsewhere."""

import re
import unicodedata
from typing import Final

from seqlense.documents.errors import FileRefused
from seqlense.documents.models import LONGEST_NAME

UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, direction marks and the like: "gnp.exe" must not read as "exe.png"."""
ELSEWHERE: Final = re.compile(r'[\\/:*?"<>|]')
DOUBLE: Final = frozenset({
    "exe", "com", "bat", "cmd", "scr", "js", "vbs", "ps1", "sh", "jar", "msi", "lnk", "html", "htm", "svg",
    "php", "zip", "7z", "rar", "docm", "xlsm", "dll", "hta", "wsf",
})  # fmt: skip
"""Endings that have no place before the last one."""


def clean(name: str) -> str:
    """The name without folders, in one line, at most 120 characters. Raises FileRefused."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(
        one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one) not in UNSEEN
    )
    called = ELSEWHERE.sub("_", " ".join(seen.split())).strip(". ")
    stem, dot, ending = called.rpartition(".")
    if not dot or not stem.strip("._ "):
        raise FileRefused("documents.file.name")
    if {part.lower() for part in stem.split(".")[1:]} & DOUBLE:
        raise FileRefused("documents.file.lying")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def extension(name: str) -> str:
    """What stands after the last dot, in lower case."""
    return name.rpartition(".")[2].lower()
