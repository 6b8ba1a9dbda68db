"""Epoch keys: one file each, outside both databases, in the folder `settings.SEQLENSE_EPOCH_KEYS`.

A file says what it is, whose, which epoch, since when, what its custody needs to give the key, and a check
value by which damage shows. To retire an epoch is to destroy what its custody keeps, then this file.
"""

from __future__ import annotations

import re
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from seqlense.privacy.keystore import custody, keyfiles
from seqlense.privacy.keystore.custody import Epoch
from seqlense.privacy.keystore.envelope import Key, Secret
from seqlense.privacy.keystore.errors import (
    EpochKeyDamaged,
    EpochKeyMissing,
    KeystoreError,
    WrongInstallation,
)
from seqlense.privacy.keystore.keyfiles import Lines

_WHAT = "The epoch key"
_NAME = re.compile(r"epoch-(\d{6})\.key")
PENDING = ".pending"  # suffix of a first key whose installation isn't written down in both databases yet


@dataclass(frozen=True)
class EpochKey:
    """An epoch's key as its custody gave it.

    begun_at: when the epoch began, by the clock of that moment. custody: who keeps it.
    """

    installation: UUID
    epoch: int
    begun_at: datetime
    custody: str
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
    """Make a new key, kept as settings say, its file at `path`. OSError if the disk refuses."""
    secret, whose = Secret.new(), Epoch(installation, epoch)
    keeper = custody.chosen()
    for other in custody.configured():
        if other is not keeper:
            with suppress(KeystoreError):  # left there by a run cut off before settings changed: useless
                other.discard(whose)
    lines = keeper.keep(secret, whose)
    keyfiles.write(
        path,
        lines.extended(
            installation=str(installation),
            epoch=str(epoch),
            begun=now.isoformat(),
            check=_check(secret, whose),
        ),
    )


def read(path: Path) -> EpochKey:
    """The key of that file. Raises a KeystoreError that says what to do."""
    lines = keyfiles.read(path, _WHAT)
    found = _parsed(lines, path)
    if found is None:
        raise keyfiles.damaged(path, _WHAT)
    return found


def _parsed(lines: Lines, path: Path) -> EpochKey | None:
    """None where the file can't be right."""
    keeper = custody.of_title(lines.title)
    if keeper is None:
        return None
    try:
        whose = Epoch(UUID(lines.get("installation")), int(lines.get("epoch")))
        begun_at = datetime.fromisoformat(lines.get("begun"))
        secret = keeper.fetch(lines, whose, path)
    except ValueError:
        return None
    if not secrets.compare_digest(_check(secret, whose), lines.get("check")):
        return None
    return EpochKey(whose.installation, whose.number, begun_at, keeper.name, Key(secret))


def remove(epoch: Epoch) -> None:
    """Destroy an epoch's key wherever it is kept, its file last. What is gone already is fine."""
    path = path_of(epoch.number)
    for keeper in _keepers(path):
        keeper.discard(epoch)
    keyfiles.destroy(path)


def _keepers(path: Path) -> list[custody.Custody]:
    """Who keeps that epoch; of a file that a removal cut off has overwritten, whoever may have."""
    try:
        found = custody.of_title(Lines.read(path).title)
    except OSError:
        found = None
    return [found] if found else list(custody.configured())


def flush_folder() -> None:
    """Make names in the folder survive a power cut."""
    keyfiles.flush(folder())


def _check(secret: Secret, epoch: Epoch) -> str:
    return secret.digest(
        b"seqlense epoch key check", epoch.installation.bytes, epoch.number.to_bytes(4)
    ).hex()[:32]


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


def usable(epoch: int, installation: UUID) -> bool:
    """Whether that epoch's key is there and whole."""
    try:
        key_of(epoch, installation)
    except (EpochKeyMissing, EpochKeyDamaged):
        return False
    return True
