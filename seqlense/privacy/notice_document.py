"""What a notice is: a structured document, which a page, a printer or a mail renders as it likes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqlense.register.yamlfile import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from seqlense.register import Register

TEXTS = Path(__file__).with_name("notice_texts.yaml")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Every row has as many cells as the header; the first cell of a row names it."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """To be rendered in the order of its attributes. `anchor` names it in any language.

    paragraphs: plain text, where addresses of mail and web stand as they are.
    points: a list.
    """

    anchor: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One notice in one language, drawn from one version of the register.

    version: hash of the register. since: the day from which that version runs; None where it isn't known.
    """

    kind: str
    language: str
    title: str
    version: str
    since: date | None
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """All words of the notice, one piece a line: for mail, search and tests."""
        return "\n".join((self.title, *(line for one in self.sections for line in _lines(one))))


def _lines(section: Section) -> Iterator[str]:
    yield section.title
    yield from section.paragraphs
    yield from section.points
    for table in section.tables:
        yield table.caption
        yield " | ".join(table.header)
        yield from (" | ".join(row) for row in table.rows)
    for inner in section.sections:
        yield from _lines(inner)


@functools.cache
def _texts() -> dict[str, Any]:
    data: dict[str, Any] = read(TEXTS).data
    return data


@dataclass(frozen=True)
class Words:
    """The notices' texts in one language; `words("rights.how", name=...)` below a given branch."""

    branch: str
    language: str

    def __call__(self, key: str, **values: str) -> str:
        """KeyError for a text that doesn't exist."""
        found = _texts()[self.branch]
        for step in key.split("."):
            found = found[step]
        return str(found[self.language]).format(**values)

    def all(self, branch: str, names: Iterable[str]) -> tuple[str, ...]:
        """Several texts of one branch."""
        return tuple(self(f"{branch}.{name}") for name in names)


def known(language: str) -> str:
    """ "fr" or "en"; any other language reads English."""
    return "fr" if language.lower().startswith("fr") else "en"


def sentence(text: str) -> str:
    """With a capital at its start."""
    return text[:1].upper() + text[1:]


def address(register: Register) -> str:
    """The controller's postal address on one line."""
    return ", ".join(register.controller.address)
