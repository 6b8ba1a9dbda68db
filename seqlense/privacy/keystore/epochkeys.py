"""Epoch keys: one file each, outside both databases, in the folder `settings.SEQLENSE_EPOCH_KEYS`.

A file is text: what it is, whose, which epoch, since when, the key, and a check value by which damage shows.
To retire an epoch is to overwrite, flush and remove its file. On flash storage and on copy-on-write file
systems
an overwrite may land elsewhere: keep the folder on an encrypted volume there.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from seqlense.privacy.keystore.envelope import KEY_BYTES, Key, keyed_digest, new_secret
from seqlense.privacy.keystore.errors import (
    EpochKeyDamaged,
    EpochKeyMissing,
    EpochKeyUnreadable,
    WrongInstallation,
)

_TITLE = "seqlense epoch key, format 1"
_NAME = re.compile(r"epoch-(\d{6})\.key")
PENDING = ".pending"  # suffix of a first key whose installation isn't written down in both databases yet


@dataclass(frozen=True)
class EpochKey:
    """An epoch's key as read from its file. begun_at: when the epoch began, by the clock of that moment."""

    installation: UUID
    epoch: int
    begun_at: datetime
    key: Key


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.SEQLENSE_EPOCH_KEYS)


def path_of(epoch: int) -> Path:
    """The file of that epoch."""
    return folder() / f"epoch-{epoch:06}.key"


def epochs() -> list[int]:
    """Epochs whose file is there, oldest first."""
    if not folder().is_dir():
        return []
    return sorted(int(found[1]) for path in folder().iterdir() if (found := _NAME.fullmatch(path.name)))


def create(path: Path, *, installation: UUID, epoch: int, now: datetime) -> None:
    """Write a new key to `path`, the owner's alone, whole or not at all. OSError if the disk refuses."""
    secret = new_secret()
    text = "\n".join(
        [
            _TITLE,
            f"installation: {installation}",
            f"epoch: {epoch}",
            f"begun: {now.isoformat()}",
            f"key: {base64.b64encode(secret).decode()}",
            f"check: {_check(secret, installation, epoch)}",
            "",
        ]
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        flush_folder()
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def read(path: Path) -> EpochKey:
    """The key in that file. Raises EpochKeyMissing, EpochKeyUnreadable or EpochKeyDamaged."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise EpochKeyMissing(
            f"The epoch key file {path} is missing. Put it back from where you keep it (it is in no backup "
            "of the databases); without it, what it protects can't be read."
        ) from None
    except OSError as fault:
        raise EpochKeyUnreadable(f"The epoch key file {path} can't be read: {fault.strerror}.") from None
    except UnicodeDecodeError:
        raise EpochKeyDamaged(f"The epoch key file {path} is damaged: put back the right one.") from None
    if mode & 0o077:
        raise EpochKeyUnreadable(f"Others may read the epoch key file {path}: run chmod 600 on it.")
    return _parse(path, text)


def remove(path: Path) -> None:
    """Overwrite the file, flush it to the disk, remove it. A file that is gone already is fine."""
    try:
        with path.open("r+b", buffering=0) as file:
            file.write(os.urandom(max(path.stat().st_size, 1)))
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    flush_folder()


def flush_folder() -> None:
    """Make names in the folder survive a power cut."""
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check(secret: bytes, installation: UUID, epoch: int) -> str:
    return keyed_digest(secret, b"seqlense epoch key check", installation.bytes, epoch.to_bytes(4)).hex()[:32]


def _parse(path: Path, text: str) -> EpochKey:
    lines = dict(line.partition(": ")[::2] for line in text.splitlines()[1:])
    try:
        installation, epoch = UUID(lines["installation"]), int(lines["epoch"])
        begun_at = datetime.fromisoformat(lines["begun"])
        secret = base64.b64decode(lines["key"], validate=True)
        whole = len(secret) == KEY_BYTES and text.startswith(_TITLE)
        intact = secrets.compare_digest(_check(secret, installation, epoch), lines["check"])
    except (KeyError, ValueError):
        whole = intact = False
    if not (whole and intact):
        raise EpochKeyDamaged(f"The epoch key file {path} is cut short or damaged: put back the right one.")
    return EpochKey(installation, epoch, begun_at, Key(secret))


class _Loaded:
    """Epoch keys read by this process, each forgotten as soon as its file changes or goes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[Path, tuple[tuple[int, int, int, int], EpochKey]] = {}

    def get(self, path: Path) -> EpochKey:
        try:
            state = path.stat()
        except OSError:
            with self._lock:
                self._keys.pop(path, None)
            return read(path)
        mark = (state.st_ino, state.st_size, state.st_mtime_ns, state.st_mode)
        known = self._keys.get(path)
        if known is not None and known[0] == mark:
            return known[1]
        found = read(path)
        with self._lock:
            self._keys = {one: kept for one, kept in self._keys.items() if one.exists()}
            self._keys[path] = (mark, found)
        return found


_loaded = _Loaded()


def key_of(epoch: int, installation: UUID) -> EpochKey:
    """The key of an epoch of this installation. Raises a KeystoreError that says what to do."""
    found = _loaded.get(path_of(epoch))
    if found.installation != installation or found.epoch != epoch:
        raise WrongInstallation(
            f"The epoch key file {path_of(epoch)} is of another installation ({found.installation}, epoch "
            f"{found.epoch}); this keystore is of {installation}. Put this installation's file back."
        )
    return found
