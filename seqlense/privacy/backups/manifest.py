"""What a backup says about itself, signed with the log's key: whose it is, of when, and what is in it."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

from seqlense.privacy.backups import signing
from seqlense.privacy.backups.errors import BackupAltered, BackupCutShort
from seqlense.privacy.backups.places import MANIFEST, PRIVATE, Chain, Place

FORMAT: Final = "seqlense backup, format 1"
_MODE: Final = PRIVATE & 0o600
_LARGEST: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class File:
    """One file of a backup; sha256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The signed content.

    epoch: the keystore's current one when the backup was begun. register: version that ran.
    log_size, log_root: the transparency log's head at that moment, which everything in the backup came before
    or stands beside; sealed: entries of the log that the backup itself knows (data only).
    server: major version of the database server, 0 for files. subjects: people in it (data only).
    """

    installation: UUID
    chain: Chain
    name: str
    created_at: datetime
    epoch: int
    register: str
    log_size: int
    log_root: str
    sealed: int
    server: int
    program: str
    subjects: int
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(one.size for one in self.files)

    def text(self) -> str:
        """As it is signed."""
        content = {
            "installation": str(self.installation),
            "chain": self.chain,
            "name": self.name,
            "created_at": self.created_at.isoformat(),
            "epoch": self.epoch,
            "register": self.register,
            "log": {"size": self.log_size, "root": self.log_root, "sealed": self.sealed},
            "server": self.server,
            "program": self.program,
            "subjects": self.subjects,
            "files": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in self.files],
        }
        return f"{FORMAT}\n{json.dumps(content, indent=1)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError, KeyError or TypeError for anything that `text` didn't write."""
        title, _, body = text.partition("\n")
        if title != FORMAT:
            raise ValueError(title)
        said: Mapping[str, Any] = json.loads(body)
        return cls(
            installation=UUID(said["installation"]),
            chain=said["chain"],
            name=str(said["name"]),
            created_at=datetime.fromisoformat(said["created_at"]),
            epoch=int(said["epoch"]),
            register=str(said["register"]),
            log_size=int(said["log"]["size"]),
            log_root=str(said["log"]["root"]),
            sealed=int(said["log"]["sealed"]),
            server=int(said["server"]),
            program=str(said["program"]),
            subjects=int(said["subjects"]),
            files=tuple(File(**one) for one in said["files"]),
        )


def write(manifest: Manifest, into: Path) -> None:
    """Signed, into the backup's folder, on the disk when this returns."""
    signed = signing.signed(manifest.text()).encode()
    with Drain(into / MANIFEST) as file:
        file.write(signed)


def read(place: Place) -> Manifest:
    """Of that backup, its signature checked, its files not. Raises a BackupError."""
    try:
        with (place.path / MANIFEST).open("rb") as file:
            content = file.read(_LARGEST)
    except FileNotFoundError:
        raise BackupCutShort(
            f"{place.name} has no manifest: it was never finished, or lost a file."
        ) from None
    try:
        found = Manifest.parse(signing.opened(content.decode()))
    except (ValueError, KeyError, TypeError):
        raise BackupAltered(
            f"The manifest of {place.name} is damaged, or wasn't signed with this installation's log key."
        ) from None
    if (found.name, found.chain) != (place.name, place.chain):
        raise BackupAltered(f"{place.name} was made under the name {found.name}: give it that name back.")
    return found


class Drain:
    """A new file of ours alone that counts and digests what is written; at the end it is on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("xb", buffering=0)
        path.chmod(_MODE)
        self._digest = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def write(self, content: bytes) -> int:
        """All of it. OSError if the disk refuses."""
        view = memoryview(content)
        while view:
            view = view[self._file.write(view) :]
        self._digest.update(content)
        self.size += len(content)
        return len(content)

    def described(self) -> File:
        """What was written so far."""
        return File(name=self._path.name, size=self.size, sha256=self._digest.hexdigest())
