"""The whole log looked through: each tile, each entry, each leaf of the database, openings in clear."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection

from seqlense.privacy.log import place, sealing
from seqlense.privacy.log.errors import LogDamaged, LogForked, LogMissing
from seqlense.privacy.log.merkle import leaf_hash
from seqlense.privacy.log.note import Checkpoint
from seqlense.privacy.log.tiles import ENTRIES, WIDTH, Tiles, path_of, pyramid

AT_ONCE: Final = 20 * WIDTH

type Progress = Callable[[int], None]  # entries looked at since the last call


@dataclass(frozen=True)
class Checked:
    """What was found right. openings: acts whose salt is kept in clear and leads to their entry."""

    checkpoint: Checkpoint
    entries: int
    tiles: int
    openings: int


def check(progress: Progress | None = None) -> Checked:
    """Look through everything that is published. Raises a LogError that names the first thing wrong."""
    published = sealing.published_head()
    known = sealing.head()
    if published is None:
        if known.size:
            raise LogMissing("The log's files are gone. Run `seqlense log rebuild`.")
        return Checked(Checkpoint(place.origin(), 0, known.root), 0, 0, 0)
    files = Tiles(place.files().folder, keep=0)
    hashes = _lowest(files, published.size, known.size, progress)
    tiles = len(range(0, published.size, WIDTH)) + _above(files, hashes)
    if files.root(published.size) != published.root:
        raise LogDamaged("The tiles don't lead to the checkpoint. Run `seqlense log rebuild`.")
    return Checked(published, published.size, tiles, _openings())


def _lowest(files: Tiles, size: int, known: int, progress: Progress | None) -> list[bytes]:
    """The leaf hashes, after comparing the lowest tiles, the entries and the database's leaves."""
    found: list[bytes] = []
    for start in range(0, size, AT_ONCE):
        end = min(size, start + AT_ONCE)
        entries = list(files.entries(start, end, size))
        hashes = [leaf_hash(one) for one in entries]
        for number in range(start // WIDTH, -(-end // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            first = number * WIDTH - start
            if files.hashes(0, number, width) != hashes[first : first + width]:
                raise LogDamaged(
                    f"{path_of(0, number, width)} or {path_of(ENTRIES, number, width)} was altered."
                )
        _compare(start, entries[: max(0, known - start)])
        found += hashes
        if progress is not None:
            progress(len(entries))
    return found


def _compare(start: int, entries: list[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select index, digest from privacy_leaf where index >= %s and index < %s order by index",
            [start, start + len(entries)],
        )
        rows = [(index, bytes(digest)) for index, digest in cursor.fetchall()]
    if rows != list(enumerate(entries, start)):
        wrong = next(n for n, one in enumerate([*entries, b""]) if rows[n : n + 1] != [(start + n, one)])
        raise LogForked(f"Entry {start + wrong} isn't what the database has there: one of them was altered.")


def _above(files: Tiles, hashes: list[bytes]) -> int:
    """Compare the tiles above the lowest with what follows from it; how many there are."""
    level = tiles = 0
    while len(hashes) >= WIDTH:
        full = range(0, len(hashes) - WIDTH + 1, WIDTH)
        hashes, level = [pyramid(hashes[at : at + WIDTH])[-1][0] for at in full], level + 1
        for number in range(-(-len(hashes) // WIDTH)):
            expected = hashes[number * WIDTH : (number + 1) * WIDTH]
            if files.hashes(level, number, len(expected)) != expected:
                raise LogDamaged(f"{path_of(level, number, len(expected))} was altered.")
            tiles += 1
    return tiles


_OPENINGS: Final = (
    "select l.index, l.digest = sha256(a.salt || convert_to(privacy_act_content(a), 'UTF8')) "
    "from privacy_act a join privacy_leaf l on l.act = a.id where a.salt is not null and l.index is not null"
)


def _openings() -> int:
    """Compare acts whose salt is in clear with their digests; how many there are."""
    count = 0
    for index, right in _rows(_OPENINGS):
        if not right:
            raise LogForked(f"The act of entry {index} was altered: it isn't what the log holds.")
        count += 1
    return count


def _rows(statement: str) -> Iterator[tuple[int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while some := cursor.fetchmany(AT_ONCE):
            yield from some
