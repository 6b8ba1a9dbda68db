"""How a notice is laid out on a page: facts as term and description, points of attention set apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from seqlense.privacy.notice_document import Notice, Section, Table, Words

LABEL_LONGEST = 60
ACTIVITY = "activity-"
SECURE = "https://"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table whose cells know their column's header: narrow screens show it beside each."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, kw_only=True)
class Block:
    """One section. facts: (term, its descriptions); links: (words, address); attention: (title, text)."""

    anchor: str
    title: str
    level: int
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    points: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    attention: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]
    blocks: tuple[Block, ...]


def blocks(notice: Notice) -> tuple[Block, ...]:
    word = Words("privacy", notice.language)("activities.attention", text="").rstrip(" :\u00a0\u202f")
    return tuple(_block(section, 2, word) for section in notice.sections)


def _block(section: Section, level: int, attention: str) -> Block:
    """`attention` is the word that points of attention begin with in the notice's language."""
    told = [(_split(text), text) for text in section.paragraphs]
    warned = [_split(text) for text in section.points if text.startswith(attention)]
    plain = [(_split(text), text) for text in section.points if not text.startswith(attention)]
    facts: list[tuple[str, str]] = []
    if section.anchor.startswith(ACTIVITY):
        facts = [pair for pair, _ in (*told, *plain) if pair]
        told, plain = ([one for one in texts if one[0] is None] for texts in (told, plain))
    return Block(
        anchor=section.anchor,
        title=section.title,
        level=level,
        paragraphs=tuple(text for _, text in told),
        facts=tuple(
            (term, tuple(text for _, text in group)) for term, group in groupby(facts, itemgetter(0))
        ),
        points=tuple(text for pair, text in plain if not _leads_out(pair)),
        links=tuple((pair[0], pair[1]) for pair, _ in plain if pair and _leads_out(pair)),
        attention=tuple(pair for pair in warned if pair),
        grids=tuple(_grid(table) for table in section.tables),
        blocks=tuple(_block(inner, level + 1, attention) for inner in section.sections),
    )


def _split(text: str) -> tuple[str, str] | None:
    """("Purpose", "Open an account...") of "Purpose: Open an account..."; None where no label begins."""
    label, found, rest = text.partition(":")
    label, rest = label.strip(), rest.strip()
    if not found or not rest or len(label) > LABEL_LONGEST or "." in label:
        return None
    return label, rest if rest.startswith(SECURE) else rest[:1].upper() + rest[1:]


def _leads_out(pair: tuple[str, str] | None) -> bool:
    return pair is not None and pair[1].startswith(SECURE)


def _grid(table: Table) -> Grid:
    rows = tuple(tuple(zip(table.header, row, strict=True)) for row in table.rows)
    return Grid(caption=table.caption, header=table.header, rows=rows)
