"""The three notices as plain data: kept as published, so that no later program is needed to read them."""

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from seqlense.privacy import notices
from seqlense.privacy.notice_document import Notice, Section, Table
from seqlense.register import Register

LANGUAGES: Final = ("fr", "en")
KINDS: Final[Mapping[str, Callable[[Register, str], Notice]]] = {
    "privacy": notices.privacy_policy,
    "cookies": notices.cookie_policy,
    "legal": notices.legal_notice,
}

type Documents = Mapping[str, Mapping[str, Any]]


@functools.lru_cache(maxsize=4)
def stored(register: Register) -> Documents:
    """Language → kind → text of what that register says. Don't change it."""
    return {
        language: {kind: _plain(draw(register, language)) for kind, draw in KINDS.items()}
        for language in LANGUAGES
    }


@functools.lru_cache(maxsize=4)
def fingerprint(register: Register) -> str:
    """SHA-256 (hex) of the texts that it says, in all languages."""
    canonical = json.dumps(stored(register), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(notice: Notice) -> dict[str, Any]:
    """Titles and sections alone: from when it holds is the version's to say."""
    return {"title": notice.title, "sections": [asdict(one) for one in notice.sections]}


def read(documents: Documents, kind: str, language: str, *, version: str) -> Notice:
    """A text as it was published. KeyError for a kind or language that wasn't."""
    found = documents[language][kind]
    return Notice(
        kind=kind,
        language=language,
        title=str(found["title"]),
        version=version,
        since=None,
        sections=tuple(_section(one) for one in found["sections"]),
    )


def _section(found: Mapping[str, Any]) -> Section:
    return Section(
        anchor=found["anchor"],
        title=found["title"],
        paragraphs=tuple(found.get("paragraphs", ())),
        points=tuple(found.get("points", ())),
        tables=tuple(_table(one) for one in found.get("tables", ())),
        sections=tuple(_section(one) for one in found.get("sections", ())),
    )


def _table(found: Mapping[str, Any]) -> Table:
    return Table(
        caption=found["caption"],
        header=tuple(found["header"]),
        rows=tuple(tuple(row) for row in found["rows"]),
    )
