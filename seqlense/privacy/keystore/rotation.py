"""A new epoch: every living data key is wrapped anew, and the old epoch key destroyed.

Steps, each safe to be cut off after, in any of them everyone stays readable and the next run goes on:
1. write the new epoch's key file;
2. make the new epoch current, so that new keys use it, and note the old one as retiring;
3. wrap the old keys anew, in short transactions that let others write in between;
4. check that none is left, and that what was written is on the disk;
5. overwrite, flush and remove the old file;
6. forget that an epoch was retiring; write SQLite's log back into its file.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError

from seqlense.privacy.keystore import epochkeys, vault
from seqlense.privacy.keystore.datakeys import place_as_stored
from seqlense.privacy.keystore.errors import (
    EpochKeyDamaged,
    EpochKeyMissing,
    KeystoreError,
    KeystoreFull,
    KeystoreMissing,
    RotationRunning,
)

if TYPE_CHECKING:
    from uuid import UUID

    from seqlense.privacy.keystore.vault import VaultRow

_LOCK = "rotation.lock"
_ADVISORY_LOCK = 0x5E91E75E  # PostgreSQL's, among the processes of all machines
_LONGEST_BLOCK = 0.020  # seconds that one batch should hold the write lock; 0.050 were promised
_FIRST_BATCH, _SMALLEST_BATCH, _LARGEST_BATCH = 500, 50, 4_000

_CHECKPOINT_EVERY = 15_000  # keys: some megabytes of SQLite's log

type Progress = Callable[[int, int], None]  # keys wrapped anew so far, of how many


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
    the clock was moved back). due_at: when the next should begin. due: whether it should have by now, or the
    clock says that this one hasn't begun, or a rotation was cut off. keys, handles: how many.
    retiring: the epoch whose key a rotation that was cut off has yet to destroy, or None.
    """

    installation: UUID
    epoch: int
    begun_at: datetime
    age: timedelta
    due_at: datetime
    due: bool
    keys: int
    handles: int
    retiring: int | None


def status(*, now: datetime) -> Status:
    """How the keystore is. Raises a KeystoreError that says what to do where it can't be used."""
    installation = vault.installation()
    row = _row()
    begun_at = epochkeys.key_of(row.epoch, installation).begun_at
    due_at = begun_at + timedelta(days=getattr(settings, "SEQLENSE_EPOCH_DAYS", 7))
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
        due_at=due_at,
        due=row.retiring is not None or not begun_at <= now < due_at,
        keys=keys,
        handles=handles,
        retiring=row.retiring,
    )


def rotate(*, now: datetime, progress: Progress | None = None) -> Rotated:
    """Begin a new epoch, or finish the rotation that was cut off. Others go on reading and writing.

    Raises RotationRunning if another process does, KeystoreFull if the disk refuses (everyone stays readable;
    rotate again once there is room), or another KeystoreError.
    """
    if vault.connection().in_atomic_block:
        raise KeystoreError("Keys are rotated outside of any transaction: a key file can't be rolled back.")
    installation = vault.installation()
    with _alone(), _saying_when_full():
        row = _row()
        resumed = row.retiring is not None
        if not resumed:
            row = _begin_epoch(installation, row, now)
        assert row.retiring is not None
        rewrapped = _rewrap_all(row.retiring, row.epoch, progress)
        _retire(row)
    return Rotated(epoch=row.epoch, rewrapped=rewrapped, resumed=resumed)


def _row() -> VaultRow:
    row = vault.read()
    if row is None:
        raise KeystoreMissing("The keystore is empty.")
    return row


def _begin_epoch(installation: UUID, row: VaultRow, now: datetime) -> VaultRow:
    """Steps 1 and 2."""
    new = row.epoch + 1
    epochkeys.key_of(row.epoch, installation)  # nothing begins while the current key can't be read
    try:
        epochkeys.key_of(new, installation)  # left by a run cut off after step 1: as good as another
    except (EpochKeyMissing, EpochKeyDamaged):
        epochkeys.create(epochkeys.path_of(new), installation=installation, epoch=new, now=now)
    index_key = vault.rewrapped_index_key(row, new)
    with vault.changing() as cursor:
        cursor.execute(
            "UPDATE keystore_vault SET epoch = %s, retiring = %s, index_key = %s, index_epoch = %s"
            " WHERE epoch = %s",
            [new, row.epoch, index_key, new, row.epoch],
        )
    return _row()


def _rewrap_all(old: int, new: int, progress: Progress | None) -> int:
    """Steps 3 and 4, until none is left; how many there were."""
    done = 0
    if not vault.is_sqlite():
        with vault.connection().cursor() as cursor:
            cursor.execute(
                "ANALYZE keystore_datakey"
            )  # or a table lately filled is read whole for each batch
    while left := _left(new):
        before = done
        for some in _rewrap(old, new):
            done += some
            if progress is not None:
                progress(done, max(done, before + left))
        if done == before:
            raise EpochKeyMissing(f"{left} keys are wrapped under an epoch that is neither {old} nor {new}.")
    _settle(new)
    return done


def _settle(new: int) -> None:
    """Have PostgreSQL write out everything up to here: a commit that waits for the disk waits for the earlier
    ones too."""
    if not vault.is_sqlite():
        with vault.changing() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")
            cursor.execute("UPDATE keystore_vault SET epoch = epoch WHERE epoch = %s", [new])


def _left(new: int) -> int:
    with vault.connection().cursor() as cursor:
        cursor.execute("SELECT count(*) FROM keystore_datakey WHERE epoch <> %s", [new])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _rewrap(old: int, new: int) -> Iterator[int]:
    """One walk through the keys in their order; how many each batch wrapped anew."""
    opening, sealing = vault.epoch_key(old), vault.epoch_key(new)
    after: tuple[Any, str] = (vault.id_of(vault.NOBODY), "")
    size, written = _FIRST_BATCH, 0
    bytes_of: Callable[[Any], bytes] = bytes.fromhex if vault.is_sqlite() else attrgetter("bytes")
    while rows := _next(old, after, size):
        after = rows[-1][0], rows[-1][1]
        places = [place_as_stored(bytes_of(subject), activity) for subject, activity, _ in rows]
        wrapped = sealing.take_over(opening, [bytes(row[2]) for row in rows], places)
        took = _write(old, new, [(one, row[0], row[1]) for one, row in zip(wrapped, rows, strict=True)])
        written += len(rows)
        if written >= _CHECKPOINT_EVERY:
            written = 0
            _checkpoint("PASSIVE")
        yield len(rows)
        aimed = int(size * _LONGEST_BLOCK / max(took, 1e-6))
        size = max(min(aimed, size * 2, _LARGEST_BATCH), size // 4, _SMALLEST_BATCH)


def _next(old: int, after: tuple[Any, str], size: int) -> list[tuple[Any, str, bytes]]:
    with vault.connection().cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, activity, wrapped FROM keystore_datakey"
            " WHERE (subject_id, activity) > (%s, %s) AND epoch = %s ORDER BY subject_id, activity LIMIT %s",
            [*after, old, size],
        )
        found: list[tuple[Any, str, bytes]] = cursor.fetchall()
    return found


def _write(old: int, new: int, rewrapped: list[tuple[bytes, Any, str]]) -> float:
    """Write one batch; seconds for which it kept others from writing. A key destroyed meanwhile stays so."""
    statement = (
        "UPDATE keystore_datakey SET wrapped = %s, epoch = %s"
        " WHERE subject_id = %s AND activity = %s AND epoch = %s"
    )
    changes = [[wrapped, new, subject, activity, old] for wrapped, subject, activity in rewrapped]
    with vault.changing() as cursor:
        began = perf_counter()
        if vault.is_sqlite():
            cursor.executemany(statement, changes)
        else:
            cursor.execute(_QUICKLY)
            cursor.execute(
                "UPDATE keystore_datakey SET wrapped = decode(new.wrapped, 'hex'), epoch = %s"
                " FROM unnest(string_to_array(%s, ',')::uuid[], string_to_array(%s, ','),"
                " string_to_array(%s, ',')) AS new (subject_id, activity, wrapped)"
                " WHERE keystore_datakey.subject_id = new.subject_id"
                " AND keystore_datakey.activity = new.activity AND epoch = %s",
                [new, *_columns(rewrapped), old],
            )
    return perf_counter() - began


# Whoever waits for the disk then waits less: a batch lost by a crash of the server is wrapped under the old
# key still, which stays until `_settle`. And from some size on the planner would read the whole table.
_QUICKLY = (
    "SELECT set_config('synchronous_commit', 'off', true), set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', 'off', true)"
)


def _columns(rewrapped: list[tuple[bytes, Any, str]]) -> tuple[str, str, str]:
    """Subjects, activities and wrapped keys, each column as one text: made much faster than an array."""
    wrapped, subjects, activities = zip(*rewrapped, strict=True)
    return ",".join(one.hex for one in subjects), ",".join(activities), ",".join(map(bytes.hex, wrapped))


def _retire(row: VaultRow) -> None:
    """Steps 5 and 6."""
    assert row.retiring is not None
    epochkeys.remove(epochkeys.path_of(row.retiring))
    with vault.changing() as cursor:
        cursor.execute("UPDATE keystore_vault SET retiring = NULL WHERE epoch = %s", [row.epoch])
    _checkpoint("TRUNCATE")


def _checkpoint(how: str) -> None:
    """Write SQLite's log back into its file: better here than in somebody's request."""
    if vault.is_sqlite() and not vault.connection().in_atomic_block:
        with vault.connection().cursor() as cursor:
            cursor.execute(f"PRAGMA wal_checkpoint({how})")


@contextmanager
def _alone() -> Iterator[None]:
    """No other process rotates: a lock beside the epoch keys, and PostgreSQL's between machines."""
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
