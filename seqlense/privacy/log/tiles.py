"""A log's files, as C2SP tlog-tiles lays them out: hashes in tiles of 256, entries in bundles of 256.

Whoever appends writes each file beside its place, flushes it to the disk and renames it; a tile that isn't
full has a path for each of its widths (`.p/<W>`), and those go once it is.
"""

import errno
import os
import re
import shutil
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from seqlense.privacy.log.errors import LogDamaged, LogFull
from seqlense.privacy.log.merkle import HASH_BYTES, Nodes, leaf_hash, node_hash, root

WIDTH: Final = 256
HEIGHT: Final = 8
CHECKPOINT: Final = "checkpoint"
ENTRIES: Final = "entries"
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-5]?[0-9]|6[0-3])/(?P<index>(x[0-9]{3}/)*[0-9]{3})(\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
_DRAFT = ".draft"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)

type Level = int | Literal["entries"]
type Pyramid = list[list[bytes]]
"""A tile's hashes, and those of the complete subtrees above them within the tile."""


def path_of(level: Level, index: int, width: int = WIDTH) -> str:
    """A tile's or bundle's path: "tile/0/x001/234", with ".p/17" while it holds 17 of 256."""
    digits = f"{index:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    return f"tile/{level}/{'/'.join([*(f'x{one}' for one in parts[:-1]), parts[-1]])}" + (
        f".p/{width}" if width < WIDTH else ""
    )


def is_path(text: str) -> bool:
    """Whether that is the one way to write a tile's or bundle's path."""
    found = _PATH.fullmatch(text)
    if found is None or int(found["width"] or 1) >= WIDTH:
        return False
    level: Level = ENTRIES if found["level"] == ENTRIES else int(found["level"])
    index = int(re.sub("[x/]", "", found["index"]))
    return path_of(level, index, int(found["width"] or WIDTH)) == text


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each after its length in two bytes."""
    return b"".join(len(one).to_bytes(2) + one for one in entries)


def unbundled(data: bytes) -> list[bytes]:
    """The entries of a bundle. Raises LogDamaged."""
    found, place = [], 0
    while place < len(data):
        start = place + 2
        place = start + int.from_bytes(data[place:start])
        if start > len(data) or place > len(data):
            raise LogDamaged("A bundle of entries is cut short.")
        found.append(data[start:place])
    return found


def pyramid(hashes: Sequence[bytes]) -> Pyramid:
    """The hashes of all complete subtrees over a tile's."""
    levels = [list(hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[place], below[place + 1]) for place in range(0, len(below) - 1, 2)])
    return levels


class Tiles:
    """The files of one log in a folder. Full tiles are kept in memory; `fresh` reads past that."""

    def __init__(self, folder: Path, *, keep: int = 128) -> None:
        self.folder = folder
        self._keep = keep
        self._kept: OrderedDict[tuple[int, int], Pyramid] = OrderedDict()

    # -- reading ---------------------------------------------------------------------------------------------
    def checkpoint(self) -> bytes | None:
        """The signed note; None where there is no log."""
        try:
            return (self.folder / CHECKPOINT).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            raise LogDamaged(f"{self.folder / CHECKPOINT} can't be read: {fault.strerror}.") from None

    def nodes(self, size: int) -> Nodes:
        """The hash of each complete subtree of the tree of that size. They raise LogDamaged."""
        held: dict[tuple[int, int], Pyramid] = {}

        def node(level: int, index: int) -> bytes:
            above, within = divmod(level, HEIGHT)
            number, place = divmod(index << within, WIDTH)
            key = above, number
            if key not in held:
                held[key] = self._tile(size, *key)
            return held[key][within][place >> within]

        return node

    def root(self, size: int) -> bytes:
        """The root of the tree of that size. Raises LogDamaged."""
        return root(size, self.nodes(size))

    def entries(self, start: int, end: int, size: int) -> Iterator[bytes]:
        """The entries from `start` up to `end`, of a log of that size. Raises LogDamaged."""
        for number in range(start // WIDTH, -(-end // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            found = unbundled(self._read(ENTRIES, number, width))
            if len(found) < width:
                raise LogDamaged(f"{path_of(ENTRIES, number, width)} is cut short.")
            first = number * WIDTH
            yield from found[max(start - first, 0) : min(end - first, WIDTH)]

    def hashes(self, level: int, number: int, width: int) -> list[bytes]:
        """A tile's hashes as they are on the disk. Raises LogDamaged."""
        data = self._read(level, number, width)
        if len(data) < width * HASH_BYTES or len(data) % HASH_BYTES:
            raise LogDamaged(f"{path_of(level, number, width)} is cut short.")
        return [data[place : place + HASH_BYTES] for place in range(0, width * HASH_BYTES, HASH_BYTES)]

    def forget(self) -> None:
        """Read every tile anew."""
        self._kept.clear()

    def _tile(self, size: int, level: int, number: int) -> Pyramid:
        width = min(WIDTH, (size >> HEIGHT * level) - number * WIDTH)
        if width < WIDTH:
            return pyramid(self.hashes(level, number, width))
        kept = self._kept.get((level, number))
        if kept is None:
            kept = self._kept[level, number] = pyramid(self.hashes(level, number, width))
            if len(self._kept) > self._keep:
                self._kept.popitem(last=False)
        return kept

    def _read(self, level: Level, number: int, width: int) -> bytes:
        """The file of that width, or the full one, which holds it too."""
        for path in dict.fromkeys((path_of(level, number, width), path_of(level, number))):
            try:
                return (self.folder / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                continue
            except OSError as fault:
                raise LogDamaged(f"{self.folder / path} can't be read: {fault.strerror}.") from None
        raise LogDamaged(f"{self.folder / path_of(level, number, width)} is missing.")

    # -- writing ---------------------------------------------------------------------------------------------
    def append(self, size: int, entries: Sequence[bytes]) -> bytes:
        """Write what a log of `size` entries needs to have these too; its root. Raises LogFull, LogDamaged.

        Nothing refers to it before the checkpoint does: cut off in between, it is written again.
        """
        if not entries:
            return self.root(size)
        with saying_when_full(self.folder):
            written = _Folders()
            self._append_entries(size, entries, written)
            self._append_hashes(0, size, [leaf_hash(one) for one in entries], written)
            written.flush()
        return self.root(size + len(entries))

    def publish(self, note: bytes) -> None:
        """Make that signed note the checkpoint. Raises LogFull."""
        with saying_when_full(self.folder):
            write({self.folder / CHECKPOINT: note})

    def tidy(self, old: int, new: int) -> None:
        """Remove the parts of tiles that became full between two sizes."""
        level, first, last = 0, old // WIDTH, new // WIDTH
        while last > first:
            for number in range(first, last):
                for kind in (level, ENTRIES) if level == 0 else (level,):
                    shutil.rmtree(self.folder / f"{path_of(kind, number)}.p", ignore_errors=True)
            level, first, last = level + 1, first // WIDTH, last // WIDTH

    def _append_entries(self, size: int, entries: Sequence[bytes], written: "_Folders") -> None:
        number, filled = divmod(size, WIDTH)
        before = list(self.entries(number * WIDTH, size, size)) if filled else []
        for index, some in enumerate(_cut([*before, *entries]), number):
            written.write(self.folder / path_of(ENTRIES, index, len(some)), bundle(some))

    def _append_hashes(self, level: int, size: int, hashes: Sequence[bytes], written: "_Folders") -> None:
        """size: how many hashes the level had."""
        number, filled = divmod(size, WIDTH)
        before = self.hashes(level, number, filled) if filled else []
        above = []
        for index, some in enumerate(_cut([*before, *hashes]), number):
            written.write(self.folder / path_of(level, index, len(some)), b"".join(some))
            if len(some) == WIDTH:
                above.append(pyramid(some)[-1][0])
        if above:
            self._append_hashes(level + 1, number, above, written)


def write(contents: Mapping[Path, bytes]) -> None:
    """Write files, each whole or not at all, and see them to the disk."""
    written = _Folders()
    for path, data in contents.items():
        written.write(path, data)
    written.flush()


@contextmanager
def saying_when_full(folder: Path) -> Iterator[None]:
    """Raises LogFull for a disk that takes no more, and LogDamaged for a folder that refuses."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _NO_ROOM:
            raise LogFull(f"There is no writing to {folder}: {fault.strerror}. Make room.") from None
        raise LogDamaged(f"There is no writing to {folder}: {fault.strerror}.") from None


class _Folders:
    """Files written, each whole or not at all; `flush` makes their names survive a power cut."""

    def __init__(self) -> None:
        self._touched: set[Path] = set()

    def write(self, path: Path, data: bytes) -> None:
        self._make(path.parent)
        draft = path.with_name(path.name + _DRAFT)
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        self._touched.add(path.parent)

    def flush(self) -> None:
        for folder in self._touched:
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _make(self, folder: Path) -> None:
        """A new folder's name is flushed with the folder it stands in."""
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)
            self._touched.add(folder.parent)


def _cut[Some](values: list[Some]) -> Iterator[list[Some]]:
    for place in range(0, len(values), WIDTH):
        yield values[place : place + WIDTH]
