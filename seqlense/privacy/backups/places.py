"""Where backups lie and what they are called, so that whoever looks into the folder knows how old each is.

    BACKUPS/data/data-2026-11-23T021700Z-until-2026-12-28/
    BACKUPS/documents/documents-2026-11-23T021700Z-until-2026-12-28/
    KEYSTORE BACKUPS/keystore-2026-11-23T021700Z-epoch-000004/

Each is a folder with its content and a signed manifest. It gets its name when all of it is on the disk; until
then it ends in `.partial`.
"""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain as chain_from
from itertools import count
from pathlib import Path
from typing import Final, Literal, get_args

from django.conf import settings

from seqlense.privacy.backups.errors import BackupFull, BackupRunning, NoPlace, UnknownBackup
from seqlense.privacy.keystore import vault

type Chain = Literal["data", "documents", "keystore"]
CHAINS: Final[tuple[Chain, ...]] = get_args(Chain.__value__)
PARTIAL: Final = ".partial"
MANIFEST: Final = "manifest"
LOCK: Final = "lock"
DAYS: Final = 35
PRIVATE: Final = 0o700
_NAME: Final = re.compile(r"(data|documents|keystore)-(\d{4}-\d\d-\d\dT\d{6}Z)-(?:until|epoch)-[\d-]+")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES)
_AT_ONCE: Final = 1 << 20


@dataclass(frozen=True)
class Place:
    """One backup's folder. at: when it was begun, as its name says."""

    chain: Chain
    name: str
    path: Path
    at: datetime


def root() -> Path:
    """The folder of all backups. Raises NoPlace."""
    found = getattr(settings, "SEQLENSE_BACKUPS", None)
    if not found:
        raise NoPlace("Say in the setting SEQLENSE_BACKUPS in which folder backups go.")
    return Path(found)


def folder(chain: Chain) -> Path:
    """The folder of one chain; the keystore's may be set apart from the others."""
    apart = getattr(settings, "SEQLENSE_KEYSTORE_BACKUPS", None)
    return Path(apart) if chain == "keystore" and apart else root() / chain


def kept_for() -> timedelta:
    """How long backups of data and documents are kept."""
    return timedelta(days=int(getattr(settings, "SEQLENSE_BACKUP_DAYS", DAYS)))


def title(chain: Chain, *, now: datetime, epoch: int) -> str:
    """A free name for a backup made now."""
    at = f"{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    until = (
        f"epoch-{epoch:06}" if chain == "keystore" else f"until-{now.astimezone(UTC) + kept_for():%Y-%m-%d}"
    )
    name = f"{chain}-{at}-{until}"
    further = (f"{name}-{number}" for number in count(2))
    return next(one for one in chain_from([name], further) if not (folder(chain) / one).exists())


def listed(*chains: Chain) -> list[Place]:
    """Finished backups of these chains (of all), oldest first."""
    found = [
        Place(chain, path.name, path, datetime.strptime(name[2], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC))
        for chain in chains or CHAINS
        for path in _entries(folder(chain))
        if (name := _NAME.fullmatch(path.name)) and name[1] == chain
    ]
    return sorted(found, key=lambda one: (one.at, one.name))


def leftovers() -> list[Path]:
    """What backups that were cut off have left."""
    return [path for chain in CHAINS for path in _entries(folder(chain)) if path.name.endswith(PARTIAL)]


def _entries(chain: Path) -> list[Path]:
    return sorted(path for path in chain.iterdir() if path.is_dir()) if chain.is_dir() else []


def named(name: str) -> Place:
    """The backup of that name. Raises UnknownBackup."""
    found = next((one for one in listed() if one.name == name), None)
    if found is None:
        raise UnknownBackup("There is no backup of that name. See: seqlense backup list")
    return found


@contextmanager
def alone() -> Iterator[None]:
    """No other process makes or removes backups meanwhile. Raises BackupRunning or BackupFull."""
    with saying_when_full():
        root().mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    try:
        with vault.locked(root() / LOCK, wait=False):
            yield
    except BlockingIOError:
        raise BackupRunning("Another process is at the backups: let it finish.") from None


@contextmanager
def made(chain: Chain, name: str) -> Iterator[Path]:
    """A folder to fill; it gets its name when the block ends well, and goes if it doesn't."""
    final = folder(chain) / name
    with saying_when_full():
        final.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        draft = final.with_name(f"{name}.{secrets.token_hex(4)}{PARTIAL}")
        draft.mkdir(mode=PRIVATE)
        try:
            yield draft
            flush(draft)
            draft.rename(final)
            flush(final.parent)
        except BaseException:
            remove(draft, overwrite=chain == "keystore")
            raise


def remove(path: Path, *, overwrite: bool) -> None:
    """Remove a backup's folder. overwrite: its bytes first, as for a keystore's. OSError if it stays."""
    # Renamed first: what is left of a removal that was cut off is no backup any more.
    gone = path if path.name.endswith(PARTIAL) else path.with_name(path.name + PARTIAL)
    path.rename(gone)
    for file in sorted(gone.iterdir()) if overwrite else ():
        with file.open("r+b", buffering=0) as content:
            left = os.fstat(content.fileno()).st_size
            while left > 0:
                left -= content.write(os.urandom(min(left, _AT_ONCE)))
            os.fsync(content.fileno())
    shutil.rmtree(gone)
    flush(gone.parent)


def flush(path: Path) -> None:
    """Make names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def saying_when_full() -> Iterator[None]:
    """A disk that refuses becomes BackupFull."""
    try:
        yield
    except OSError as fault:
        if fault.errno not in _FULL:
            raise
        raise BackupFull(
            f"There is no writing to the folder of the backups: {fault.strerror}. Make room there, or let "
            "the account that runs this write."
        ) from None
