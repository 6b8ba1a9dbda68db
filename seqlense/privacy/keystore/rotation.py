"""A new epoch: every living data key is wrapped anew, and the old epoch key destroyed.

Steps, each safe to be cut off after, in any of them everyone stays readable and the next run goes on:
1. write the new epoch's key file;
2. make the new epoch current, so that new keys use it, and note the old one as retiring;
3. wrap the old keys anew, in short transactions that let others write in between;
4. check that none is left, and that what was written is on the disk;
5. have a drill show that the living can be read and the erased can't (`signals.retiring`);
6. destroy the old epoch's key wherever it is kept;
7. have it noted in the data (`signals.rotated`);
8. forget that an epoch was retiring; write SQLite's log back into its file.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError

from seqlense.privacy.keystore import epochkeys, signals, vault
from seqlense.privacy.keystore.custody import Epoch
from seqlense.privacy.keystore.errors import (
    KeystoreError,
    KeystoreFull,
    KeystoreMissing,
    RotationRunning,
)
from seqlense.privacy.keystore.rewrapping import Progress, checkpoint, rewrap_all

if TYPE_CHECKING:
    from uuid import UUID

    from seqlense.privacy.keystore.vault import VaultRow

_LOCK = "rotation.lock"
_ADVISORY_LOCK = 0x5E91E75E  # PostgreSQL's, among the processes of all machines
_LATE = timedelta(hours=6)  # the worker looks each hour


@dataclass(frozen=True)
class Rotated:
    """What a rotation did.

    epoch: the one now current. rewrapped: how many keys. resumed: it finished one that was cut off.
    """

    epoch: int
    rewrapped: int
    resumed: bool


@dataclass(frozen=True)
class Status:
    """How the keystore is.

    installation, epoch: which, and its number. begun_at: when the epoch began; age: for how long (negative if
    the clock was moved back). custody: who keeps its key. due_at: when the next should begin. due: whether it
    should have by now, or the clock says that this one hasn't begun, or a rotation was cut off. late: whether
    it should have for hours. keys, handles: how many. retiring: the epoch whose key a rotation that was cut
    off has yet to destroy, or None.
    """

    installation: UUID
    epoch: int
    begun_at: datetime
    age: timedelta
    custody: str
    due_at: datetime
    due: bool
    late: bool
    keys: int
    handles: int
    retiring: int | None


def status(*, now: datetime) -> Status:
    """How the keystore is. Raises a KeystoreError that says what to do where it can't be used."""
    installation = vault.installation()
    row = _row()
    current = epochkeys.key_of(row.epoch, installation)
    begun_at = current.begun_at
    due_at = begun_at + _length()
    with vault.connection().cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM keystore_datakey), (SELECT count(*) FROM keystore_handle)"
        )
        keys, handles = cursor.fetchone() or (0, 0)
    return Status(
        installation=installation,
        epoch=row.epoch,
        begun_at=begun_at,
        age=now - begun_at,
        custody=current.custody,
        due_at=due_at,
        due=_due(row, begun_at, now),
        late=now >= due_at + _LATE,
        keys=keys,
        handles=handles,
        retiring=row.retiring,
    )


def _length() -> timedelta:
    return timedelta(days=getattr(settings, "SEQLENSE_EPOCH_DAYS", 7))


def _due(row: VaultRow, begun_at: datetime, now: datetime) -> bool:
    return row.retiring is not None or not begun_at <= now < begun_at + _length()


def rotate(*, now: datetime, progress: Progress | None = None) -> Rotated:
    """Begin a new epoch, or finish the rotation that was cut off. Others go on reading and writing.

    Raises RotationRunning if another process does, KeystoreFull if the disk refuses (everyone stays readable;
    rotate again once there is room), DrillFailed if the old key had better stay, or another KeystoreError.
    """
    with _alone():
        return _rotate(now, progress)


def rotate_if_due(*, now: datetime) -> Rotated | None:
    """As `rotate`, if the epoch has lasted long enough; else None. Of many processes at once, one does."""
    with _alone():
        row = _row()
        begun_at = epochkeys.key_of(row.epoch, row.installation).begun_at
        return _rotate(now, None) if _due(row, begun_at, now) else None


def running() -> bool:
    """Whether a process rotates at this moment."""
    if not vault.is_sqlite():
        with vault.connection().cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = %s",
                [_ADVISORY_LOCK],
            )
            return bool(cursor.fetchone() != (0,))
    try:
        with vault.exclusive(_LOCK, wait=False):
            return False
    except RotationRunning:
        return True


def _rotate(now: datetime, progress: Progress | None) -> Rotated:
    with _saying_when_full():
        row = _row()
        resumed = row.retiring is not None
        if not resumed:
            row = _begin_epoch(row, now)
        assert row.retiring is not None
        rewrapped = rewrap_all(row.retiring, row.epoch, progress)
    told = {"sender": Rotated, "epoch": row.epoch, "now": now}
    signals.retiring.send(**told, former=row.retiring)
    with _saying_when_full():
        epochkeys.remove(Epoch(row.installation, row.retiring))
    signals.rotated.send(**told, keys=_count())
    with _saying_when_full():
        _finish(row)
    return Rotated(epoch=row.epoch, rewrapped=rewrapped, resumed=resumed)


def _row() -> VaultRow:
    row = vault.read()
    if row is None:
        raise KeystoreMissing("The keystore is empty.")
    return row


def _begin_epoch(row: VaultRow, now: datetime) -> VaultRow:
    """Steps 1 and 2."""
    new = row.epoch + 1
    epochkeys.key_of(row.epoch, row.installation)  # nothing begins while the current key can't be read
    if not epochkeys.usable(new, row.installation):  # one left by a run cut off after step 1 will do
        epochkeys.create(epochkeys.path_of(new), installation=row.installation, epoch=new, now=now)
    index_key = vault.rewrapped_index_key(row, new)
    with vault.changing() as cursor:
        cursor.execute(
            "UPDATE keystore_vault SET epoch = %s, retiring = %s, index_key = %s, index_epoch = %s"
            " WHERE epoch = %s",
            [new, row.epoch, index_key, new, row.epoch],
        )
    return _row()


def _count() -> int:
    with vault.connection().cursor() as cursor:
        cursor.execute("SELECT count(*) FROM keystore_datakey")
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _finish(row: VaultRow) -> None:
    """Step 8."""
    with vault.changing() as cursor:
        cursor.execute("UPDATE keystore_vault SET retiring = NULL WHERE epoch = %s", [row.epoch])
    checkpoint("TRUNCATE")


@contextmanager
def _alone() -> Iterator[None]:
    """No other process rotates: a lock beside the epoch keys, and PostgreSQL's between machines."""
    if vault.connection().in_atomic_block:
        raise KeystoreError("Keys are rotated outside of any transaction: a key file can't be rolled back.")
    vault.installation()
    with vault.exclusive(_LOCK, wait=False):
        if vault.is_sqlite():
            yield
            return
        with vault.connection().cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_LOCK])
            if cursor.fetchone() != (True,):
                raise RotationRunning("Another process is rotating the keys: let it finish.")
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


@contextmanager
def _saying_when_full() -> Iterator[None]:
    try:
        yield
    except KeystoreError:
        raise
    except OSError as fault:
        if fault.errno not in _FULL:
            raise
        raise KeystoreFull(_full(f"the folder of epoch keys: {fault.strerror}")) from None
    except OperationalError as fault:
        reason = str(fault)
        if not any(words in reason for words in ("full", "disk I/O", "No space", "readonly", "read-only")):
            raise
        raise KeystoreFull(_full(f"the keystore: {reason}")) from None


def _full(where: str) -> str:
    return f"There is no writing to {where}. Everything stays readable; make room and rotate again."
