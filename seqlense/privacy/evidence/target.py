"""Where a bundle is written: a folder or a ZIP, whole or not at all; each file's SHA-256 is remembered."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, Protocol

from seqlense.privacy.evidence.errors import PlaceTaken

ZIP: Final = ".zip"
DRAFT: Final = ".draft"
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)  # a bundle's ZIP says nothing of the machine's clock


class Target(Protocol):
    """Takes files. files: path → SHA-256 of all so far."""

    files: dict[str, str]

    def add(self, path: str, content: bytes) -> None:
        """One file, whose path is new."""


class _Folder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, str] = {}

    def add(self, path: str, content: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.files[path] = sha256(content).hexdigest()


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.files: dict[str, str] = {}

    def add(self, path: str, content: bytes) -> None:
        named = zipfile.ZipInfo(path, _OLDEST)
        named.external_attr = 0o600 << 16
        self.archive.writestr(named, content, zipfile.ZIP_DEFLATED, compresslevel=6)
        self.files[path] = sha256(content).hexdigest()


def draft_of(to: Path) -> Path:
    """Where it grows until it is whole."""
    return to.with_name(to.name + DRAFT)


@contextmanager
def target(to: Path) -> Iterator[Target]:
    """A folder, or a ZIP where the name ends so; only its owner may read it. Raises PlaceTaken."""
    if to.exists():
        raise PlaceTaken(f"{to} exists: evidence is never written over.")
    draft = draft_of(to)
    try:
        if to.suffix.lower() == ZIP:
            opened = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "wb") as file, zipped(file) as into:
                yield into
        else:
            draft.mkdir(mode=0o700)
            yield _Folder(draft)
        draft.rename(to)
    except FileExistsError:
        raise PlaceTaken(f"{draft} exists: another bundle is being made, or one was cut off.") from None
    except BaseException:
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink(missing_ok=True)
        raise


@contextmanager
def zipped(file: IO[bytes]) -> Iterator[Target]:
    """A ZIP written into an open file."""
    with zipfile.ZipFile(file, "w") as archive:
        yield _Zip(archive)
