"""Search places for markers, and say where they were found and what could not be read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from seqlense.privacy.residue import dumps, packed, texts, toast, wal, zips
from seqlense.privacy.residue.errors import NoMarkers
from seqlense.privacy.residue.forms import Pattern
from seqlense.privacy.residue.markers import Marker
from seqlense.privacy.residue.places import Entry, entries, problem_of
from seqlense.privacy.residue.searching import Searcher
from seqlense.privacy.residue.streams import Position, Search, Stream

PIECE: Final = 1 << 20
TOLD: Final = 10_000
"""So many findings are told one by one; beyond, they are counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A marker that can be read.

    path: the file; parts of its name that hold a marker are left out. offset: in the file. form: such as
    "utf-8", or "name" where the file's own name says it. inside: what it is packed in, outermost first.
    within: the offset in the innermost, once unpacked.
    """

    marker: int
    path: str
    offset: int
    form: str
    inside: tuple[str, ...] = ()
    within: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """What was not searched. offset: of the part in question, where it isn't the whole file.

    reason: "denied", "missing", "failed", "encrypted", "unknown-packing", "too-deep", "beyond-measure".
    """

    path: str
    reason: str
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a search came to. count: of findings, told or not. bytes: read from disk."""

    found: tuple[Finding, ...]
    unread: tuple[Unread, ...]
    count: int
    files: int
    bytes: int

    @property
    def clean(self) -> bool:
        """Whether nothing was found and everything was read."""
        return not self.count and not self.unread


@dataclass(slots=True)
class _Journal:
    """Notes each finding once, by whichever way it was met."""

    name: dict[Path, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unreadable: list[Unread] = field(default_factory=list)
    count: int = 0
    _seen: set[Finding] = field(default_factory=set)

    def found(self, position: Position, pattern: Pattern) -> None:
        where = self.name.get(position.path, str(position.path))
        offset = position.offset if position.inside else position.within
        within = position.within if position.inside else 0
        self.note(Finding(pattern.marker, where, offset, pattern.form, position.inside, within))

    def note(self, finding: Finding) -> None:
        if finding in self._seen:
            return
        self.count += 1
        if len(self.findings) < TOLD:
            self._seen.add(finding)
            self.findings.append(finding)

    def unread(self, position: Position, reason: str) -> None:
        where = self.name.get(position.path, str(position.path))
        self.unreadable.append(Unread(where, reason, position.offset))


class Scanner:
    """Markers compiled once, for one search or several."""

    def __init__(self, markers: Sequence[Marker]) -> None:
        if not markers:
            raise NoMarkers
        parts = (wal, packed, zips, dumps, texts, toast)  # a segment covers whatever begins in it
        self._searcher = Searcher(markers, [part.OPENINGS for part in parts])

    def scan(self, places: Iterable[Path], *, progress: Callable[[int, int], None] | None = None) -> Findings:
        """Search files, and folders with all below them; links to folders are followed, each folder once.

        progress: called with bytes read and bytes to read. Files that go away meanwhile are left out.
        """
        journal, chunks, segments = _Journal(), toast.Chunks(), wal.Segments()
        begins = {**packed.BEGINS, **zips.BEGINS, **dumps.BEGINS, **texts.BEGINS}
        search = Search(self._searcher, {**begins, **toast.begins(chunks), **wal.begins(segments)}, journal)
        listed = list(entries(places, self._searcher))
        total, read, files = sum(one.size for one in listed), 0, 0
        for entry in listed:
            journal.name[entry.path] = entry.shown
            for number in entry.named:
                journal.note(Finding(number, entry.shown, 0, "name"))
            if entry.problem:
                journal.unreadable.append(Unread(entry.shown, entry.problem))
            if not entry.readable:
                continue
            for amount in _read(entry, search, journal):
                read += amount
                if progress:
                    progress(read, max(read, total))
            files += 1
        segments.close()
        chunks.close()
        return Findings(
            found=tuple(journal.findings),
            unread=tuple(journal.unreadable),
            count=journal.count,
            files=files,
            bytes=read,
        )


def _read(entry: Entry, search: Search, journal: _Journal) -> Iterator[int]:
    """Search one file; the number of bytes of each piece, as it has been searched."""
    path = entry.path
    stream = Stream(search, lambda offset: Position(path, offset, (), offset))
    try:
        with path.open("rb", buffering=0) as file:
            while piece := file.read(PIECE):
                if not stream.length:
                    stream.page = toast.page_of(piece)
                stream.feed(piece)
                yield len(piece)
    except FileNotFoundError:
        return  # a running server removes files
    except OSError as error:
        journal.unreadable.append(Unread(entry.shown, problem_of(error)))
    finally:
        stream.close()


def scan(
    places: Iterable[Path],
    markers: Sequence[Marker],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Findings:
    """Search places for markers. Raises NoMarkers. See Scanner for several searches for the same markers."""
    return Scanner(markers).scan(places, progress=progress)
