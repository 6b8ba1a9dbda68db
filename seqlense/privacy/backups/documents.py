"""The document store, where there is one: a tar of its folder. What lies in it is encrypted already."""

import tarfile
from pathlib import Path
from typing import IO, Final, cast

from django.conf import settings

from seqlense.privacy.backups.data import Progress
from seqlense.privacy.backups.errors import NoPlace
from seqlense.privacy.backups.manifest import Drain, File

CONTENT: Final = "documents.tar"
_BLOCK: Final = 1 << 20


def place() -> Path:
    """Where documents would lie. Raises NoPlace where the project has no document store."""
    named = getattr(settings, "SEQLENSE_DOCUMENTS", None)
    if not named:
        raise NoPlace("Say in the setting SEQLENSE_DOCUMENTS in which folder documents lie.")
    return Path(named)


def folder() -> Path | None:
    """Where documents lie; None while there are none."""
    named = getattr(settings, "SEQLENSE_DOCUMENTS", None)
    return Path(named) if named and Path(named).is_dir() else None


def write(source: Path, into: Path, progress: Progress) -> tuple[str, File]:
    """All files under the folder. One that goes meanwhile is left out: it was deleted."""
    with Drain(into / CONTENT) as file:
        told = cast(IO[bytes], _Told(file, progress))
        with tarfile.open(fileobj=told, mode="w|", bufsize=_BLOCK) as packed:
            for path in sorted(source.rglob("*")):
                if path.is_symlink() or not (path.is_file() or path.is_dir()):
                    continue
                try:
                    packed.add(path, path.relative_to(source), recursive=False, filter=_anonymous)
                except FileNotFoundError:
                    continue
        return "tar", file.described()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without names and numbers of this machine's accounts."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


class _Told:
    """Says how far it is."""

    def __init__(self, file: Drain, progress: Progress) -> None:
        self._file, self._progress = file, progress

    def write(self, content: bytes) -> int:
        self._progress(len(content))
        return self._file.write(content)
