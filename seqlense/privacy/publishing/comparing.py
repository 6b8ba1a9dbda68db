"""Two texts of a notice, laid side by side: what stayed, what came, what went, section by section.

Nothing is lost: what is marked as the same or removed gives the older text back, what is marked as the same
or added the newer one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqlense.privacy.notice_document import Notice, Section


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Words that stayed, came or went."""

    mark: Mark
    text: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A paragraph, a point, or a table's caption, header or row. cells: one; of a row several."""

    mark: Mark
    role: str
    cells: tuple[tuple[Piece, ...], ...]

    def side(self, mark: Mark) -> tuple[str, ...]:
        """Its cells as the older (REMOVED) or newer (ADDED) text has them."""
        return tuple(
            "".join(one.text for one in cell if one.mark in (mark, Mark.SAME)) for cell in self.cells
        )


@dataclass(frozen=True, kw_only=True)
class Group:
    """Parts that are drawn together: paragraphs, points, or a table. kind: "paragraph", "point", "table"."""

    kind: str
    parts: tuple[Part, ...]

    @property
    def caption(self) -> Part | None:
        """Of a table."""
        return next((one for one in self.parts if one.role == "caption"), None)

    @property
    def header(self) -> tuple[str, ...]:
        """A table's columns as the newer text calls them, or else the older one."""
        found = [one for one in self.parts if one.role == "header"]
        named = next((one for one in found if one.mark is not Mark.REMOVED), found[0] if found else None)
        if named is None:
            return ()
        return named.side(Mark.REMOVED if named.mark is Mark.REMOVED else Mark.ADDED)

    @property
    def unchanged(self) -> int:
        """How many of a table's rows stayed as they were."""
        return sum(one.role == "row" and one.mark is Mark.SAME for one in self.parts)

    @property
    def rows(self) -> tuple[tuple[Part, tuple[tuple[str, tuple[Piece, ...]], ...]], ...]:
        """A table's rows, with each cell's column."""
        rows = [one for one in self.parts if one.role == "row"]
        names = (*self.header, *[""] * max((len(one.cells) for one in rows), default=0))
        return tuple((one, tuple(zip(names, one.cells, strict=False))) for one in rows)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One section, without those inside it. parts: in the order of reading."""

    anchor: str
    level: int
    mark: Mark
    title: tuple[Piece, ...]
    parts: tuple[Part, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """Parts that are drawn together."""
        found: list[tuple[str, list[Part]]] = []
        for part in self.parts:
            kind = "table" if part.role in TABLE else part.role
            if found and found[-1][0] == kind and part.role != "caption":
                found[-1][1].append(part)
            else:
                found.append((kind, [part]))
        return tuple(Group(kind=kind, parts=tuple(parts)) for kind, parts in found)


type Unit = tuple[str, tuple[str, ...]]

TABLE: Final = ("caption", "header", "row")
WORD: Final = re.compile(r"\s+|[^\s]+")
LONGEST: Final = 4000
"""Pieces of text beyond which words aren't compared: it is replaced whole."""
ALIKE: Final = 0.4
"""How much two texts must share to be one that changed."""
MOST: Final = 40
"""Texts beyond which nobody looks which became which."""


def compare(before: Notice, after: Notice) -> tuple[Passage, ...]:
    """Section by section, in the newer text's order; sections that went stand where they were."""
    old, new = _flat(before.sections), _flat(after.sections)
    was, now = (
        {one.anchor: (one, level) for one, level in old},
        {one.anchor: (one, level) for one, level in new},
    )
    found: list[Passage] = []
    for anchor in _order([one.anchor for one, _ in old], [one.anchor for one, _ in new]):
        if anchor not in now:
            found.append(_whole(*was[anchor], Mark.REMOVED))
        elif anchor not in was:
            found.append(_whole(*now[anchor], Mark.ADDED))
        else:
            found.append(_both(was[anchor][0], *now[anchor]))
    return tuple(found)


def _flat(sections: Iterable[Section], level: int = 2) -> list[tuple[Section, int]]:
    found: list[tuple[Section, int]] = []
    for one in sections:
        found.append((one, level))
        found += _flat(one.sections, level + 1)
    return found


def _order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The newer order; what went follows what it followed."""
    found = list(new)
    place = 0
    for anchor in old:
        if anchor in found:
            place = found.index(anchor) + 1
        else:
            found.insert(place, anchor)
            place += 1
    return found


def _units(section: Section) -> list[Unit]:
    found: list[Unit] = [("paragraph", (text,)) for text in section.paragraphs]
    found += [("point", (text,)) for text in section.points]
    for table in section.tables:
        found += [("caption", (table.caption,)), ("header", table.header)]
        found += [("row", row) for row in table.rows]
    return found


def _whole(section: Section, level: int, mark: Mark) -> Passage:
    return Passage(
        anchor=section.anchor,
        level=level,
        mark=mark,
        title=(Piece(mark=mark, text=section.title),),
        parts=tuple(_one(unit, mark) for unit in _units(section)),
    )


def _one(unit: Unit, mark: Mark) -> Part:
    role, cells = unit
    return Part(mark=mark, role=role, cells=tuple((Piece(mark=mark, text=text),) for text in cells))


def _both(before: Section, after: Section, level: int) -> Passage:
    parts = tuple(_parts(_units(before), _units(after)))
    title = words(before.title, after.title)
    same = before.title == after.title and all(one.mark is Mark.SAME for one in parts)
    return Passage(
        anchor=after.anchor,
        level=level,
        mark=Mark.SAME if same else Mark.CHANGED,
        title=title,
        parts=parts,
    )


def _parts(old: list[Unit], new: list[Unit]) -> Iterator[Part]:
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (_one(unit, Mark.SAME) for unit in new[c:d])
        else:
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: list[Unit], new: list[Unit]) -> Iterator[Part]:
    """Each newer text beside the older one that it came from; those without one stand alone, in order."""
    taken = 0
    for unit in new:
        match = _origin(unit, old, taken)
        if match is None:
            yield _one(unit, Mark.ADDED)
            continue
        yield from (_one(one, Mark.REMOVED) for one in old[taken:match])
        yield _changed(old[match], unit)
        taken = match + 1
    yield from (_one(one, Mark.REMOVED) for one in old[taken:])


def _origin(unit: Unit, old: list[Unit], start: int) -> int | None:
    role, cells = unit
    for place in range(start, min(len(old), start + MOST)):
        other, others = old[place]
        if other != role or len(others) != len(cells):
            continue
        if role in ("caption", "header") or (role == "row" and others[0] == cells[0]):
            return place
        if _alike(" ".join(others), " ".join(cells)):
            return place
    return None


def _alike(before: str, after: str) -> bool:
    """Counted over words, quickly: an upper bound first."""
    old, new = before.split(), after.split()
    if not old or not new or max(len(old), len(new)) > LONGEST:
        return False
    found = SequenceMatcher(a=old, b=new, autojunk=False)
    return found.quick_ratio() >= ALIKE and found.ratio() >= ALIKE


def _changed(old: Unit, new: Unit) -> Part:
    cells = tuple(words(was, now) for was, now in zip(old[1], new[1], strict=True))
    return Part(mark=Mark.CHANGED, role=new[0], cells=cells)


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Which words stayed, came or went; neighbours of one kind are one piece."""
    if before == after:
        return (Piece(mark=Mark.SAME, text=after),) if after else ()
    old, new = WORD.findall(before), WORD.findall(after)
    if max(len(old), len(new)) > LONGEST:
        return _pieces([(Mark.REMOVED, before), (Mark.ADDED, after)])
    found: list[tuple[Mark, str]] = []
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append((Mark.SAME, "".join(new[c:d])))
        else:
            found += [(Mark.REMOVED, "".join(old[a:b])), (Mark.ADDED, "".join(new[c:d]))]
    return _pieces(_smoothed(found))


def _smoothed(found: list[tuple[Mark, str]]) -> list[tuple[Mark, str]]:
    """A lone space between two changes belongs to both, or a reader sees scraps."""
    smooth: list[tuple[Mark, str]] = []
    for place, (mark, text) in enumerate(found):
        inside = 0 < place < len(found) - 1
        if mark is Mark.SAME and inside and not text.strip():
            smooth += [(Mark.REMOVED, text), (Mark.ADDED, text)]
        else:
            smooth.append((mark, text))
    return smooth


def _pieces(found: Iterable[tuple[Mark, str]]) -> tuple[Piece, ...]:
    """Within one stretch of changes, first all that went, then all that came."""
    pieces: list[Piece] = []
    gone, come = "", ""

    def close() -> None:
        nonlocal gone, come
        pieces.extend(
            Piece(mark=mark, text=text) for mark, text in ((Mark.REMOVED, gone), (Mark.ADDED, come)) if text
        )
        gone = come = ""

    for mark, text in found:
        if mark is Mark.REMOVED:
            gone += text
        elif mark is Mark.ADDED:
            come += text
        elif text:
            close()
            pieces.append(Piece(mark=mark, text=text))
    close()
    return tuple(pieces)


def stretches(passages: Sequence[Passage]) -> tuple[tuple[bool, tuple[Passage, ...]], ...]:
    """Neighbours that changed, and neighbours that didn't: (whether they did, the sections)."""
    grouped = groupby(passages, key=lambda one: one.mark is not Mark.SAME)
    return tuple((changed, tuple(some)) for changed, some in grouped)


def number_changed(passages: Iterable[Passage]) -> int:
    """How many sections aren't as they were."""
    return sum(one.mark is not Mark.SAME for one in passages)
