"""Where sealed files lie, and how they get there: whole, or not at all.

A file is written beside its place, flushed to the disk, and renamed. Its name is its document's id. What a
process that died left beside it, and files whose rows are gone, are taken away by `orphans`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from seqlense.documents.errors import Missing, NoRoom
from seqlense.privacy.backups.documents import place

SUFFIX: Final = ".sealed"
ARRIVING: Final = "arriving"


def path_of(document: UUID) -> Path:
    """Where a document's file is, or would be."""
    return place() / document.hex[-2:] / f"{document.hex}{SUFFIX}"


def beside(document: UUID) -> Path:
    """Where it is while it is being written."""
    folder = place() / ARRIVING
    _made(folder)
    return folder / f"{document.hex}{SUFFIX}"


def _made(folder: Path) -> None:
    with room():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextmanager
def room() -> Iterator[None]:
    """What the disk refuses is NoRoom; the file's name and the machine's words stay out of it."""
    try:
        yield
    except OSError:
        raise NoRoom from None


def begun(path: Path) -> BinaryIO:
    """A new file that only this account reads. Raises NoRoom."""
    with room():
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def put(source: Path, file: BinaryIO, document: UUID) -> None:
    """Flush the file written at `source` and give it its place. Raises NoRoom."""
    target = path_of(document)
    _made(target.parent)
    with room():
        file.flush()
        os.fsync(file.fileno())
        file.close()
        source.rename(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def opened(document: UUID) -> BinaryIO:
    """The sealed file. Raises Missing."""
    try:
        return path_of(document).open("rb")
    except FileNotFoundError:
        raise Missing from None


def remove(document: UUID) -> bool:
    """Take the file away; whether it was there."""
    try:
        path_of(document).unlink()
    except FileNotFoundError:
        return False
    return True


def files() -> Iterator[tuple[Path, UUID, float]]:
    """Every file: its path, whose it is, and when it was last written (seconds since 1970)."""
    for path in place().glob(f"*/*{SUFFIX}"):
        with suppress(ValueError, FileNotFoundError):
            yield path, UUID(path.name.removesuffix(SUFFIX)), path.stat().st_mtime


def before(moment: datetime, written: float) -> bool:
    """Whether a file was written before that moment."""
    return written < moment.timestamp()
