"""The log as a bundle carries it: exactly the files of one checkpoint, and what outsiders said of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from seqlense.privacy.evidence.target import Target
from seqlense.privacy.log.errors import NoteRefused
from seqlense.privacy.log.note import Checkpoint, Note
from seqlense.privacy.log.tiles import CHECKPOINT, ENTRIES, WIDTH, Tiles, bundle, path_of
from seqlense.privacy.proofs import witnesses
from seqlense.privacy.proofs.days import CHECKPOINT as NOTE
from seqlense.privacy.proofs.days import FOLDER, ROOTS, TOKEN, Days

LOG: Final = "log"
KEY: Final = f"{LOG}/key"


def add(into: Target, folder: Path, note: bytes, key: str) -> int:
    """The log of that checkpoint, however much it grows meanwhile; how many days with a timestamp."""
    size = Checkpoint.parse(Note.parse(note).text).size
    into.add(f"{LOG}/{CHECKPOINT}", note)
    into.add(KEY, f"{key}\n".encode())
    for path, content in _tiles(Tiles(folder, keep=0), size):
        into.add(f"{LOG}/{path}", content)
    for path, content in _cosigned(folder, size):
        into.add(f"{LOG}/{path}", content)
    return _stamped(into, Days(folder), size)


def _tiles(tiles: Tiles, size: int) -> Iterator[tuple[str, bytes]]:
    for number, width in _parts(size):
        start = number * WIDTH
        yield path_of(ENTRIES, number, width), bundle(tiles.entries(start, start + width, size))
    level, count = 0, size
    while count:
        for number, width in _parts(count):
            yield path_of(level, number, width), b"".join(tiles.hashes(level, number, width))
        level, count = level + 1, count // WIDTH


def _parts(count: int) -> Iterator[tuple[int, int]]:
    for number in range(-(-count // WIDTH)):
        yield number, min(WIDTH, count - number * WIDTH)


def _stamped(into: Target, days: Days, size: int) -> int:
    found = 0
    for day in days.all():
        if Checkpoint.parse(Note.parse(day.note).text).size > size:
            continue
        into.add(f"{LOG}/{FOLDER}/{day.on}{NOTE}", day.note)
        if day.token is not None:
            found += 1
            into.add(f"{LOG}/{FOLDER}/{day.on}{TOKEN}", day.token)
    if roots := days.roots():
        into.add(f"{LOG}/{FOLDER}/{ROOTS}", roots.encode())
    return found


def _cosigned(folder: Path, size: int) -> Iterator[tuple[str, bytes]]:
    for file in sorted((folder / witnesses.FOLDER).glob("????????")):
        raw = file.read_bytes()
        try:
            covered = Checkpoint.parse(Note.parse(raw).text).size <= size
        except NoteRefused:
            continue
        if covered:
            yield f"{witnesses.FOLDER}/{file.name}", raw
