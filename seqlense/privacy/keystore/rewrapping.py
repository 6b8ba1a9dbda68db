"""Living data keys move from one epoch to the next, in short transactions that let others write in between.

Whatever stops it, each key is wrapped under one of the two epochs, and another run goes on where this ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from time import perf_counter
from typing import Any

from seqlense.privacy.keystore import vault
from seqlense.privacy.keystore.datakeys import place_as_stored
from seqlense.privacy.keystore.errors import EpochKeyMissing

_LONGEST_BLOCK = 0.020  # seconds that one batch should hold SQLite's write lock; 0.050 were promised
_LONGEST_BATCH = 0.010  # and one of PostgreSQL's should last, as everybody's commits write out its log too
_FIRST_BATCH, _SMALLEST_BATCH, _LARGEST_BATCH = 500, 50, 4_000

_CHECKPOINT_EVERY = 15_000  # keys: some megabytes of SQLite's log

type Progress = Callable[[int, int], None]  # keys wrapped anew so far, of how many


def rewrap_all(old: int, new: int, progress: Progress | None) -> int:
    """Steps 3 and 4, until none is left; how many there were."""
    done = 0
    if not vault.is_sqlite():
        with vault.connection().cursor() as cursor:
            cursor.execute(
                "ANALYZE keystore_datakey"
            )  # or a table lately filled is read whole for each batch
    while remaining := left(new):
        before = done
        for some in _rewrap(old, new):
            done += some
            if progress is not None:
                progress(done, max(done, before + remaining))
        if done == before:
            raise EpochKeyMissing(f"{remaining} keys are of an epoch that is neither {old} nor {new}.")
    _settle(new)
    return done


def _settle(new: int) -> None:
    """Have PostgreSQL write out everything up to here: a commit that waits for the disk waits for the earlier
    ones too."""
    if not vault.is_sqlite():
        with vault.changing() as cursor:
            cursor.execute("UPDATE keystore_vault SET epoch = epoch WHERE epoch = %s", [new])


def left(new: int) -> int:
    """How many keys aren't wrapped under that epoch yet."""
    with vault.connection().cursor() as cursor:
        cursor.execute("SELECT count(*) FROM keystore_datakey WHERE epoch <> %s", [new])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _rewrap(old: int, new: int) -> Iterator[int]:
    """One walk through the keys in their order; how many each batch wrapped anew."""
    opening, sealing = vault.epoch_key(old), vault.epoch_key(new)
    after: tuple[Any, str] = (vault.id_of(vault.NOBODY), "")
    size, written = _FIRST_BATCH, 0
    longest = _LONGEST_BLOCK if vault.is_sqlite() else _LONGEST_BATCH
    bytes_of: Callable[[Any], bytes] = bytes.fromhex if vault.is_sqlite() else attrgetter("bytes")
    while rows := _next(old, after, size):
        after = rows[-1][0], rows[-1][1]
        places = [place_as_stored(bytes_of(subject), activity) for subject, activity, _ in rows]
        wrapped = sealing.take_over(opening, [bytes(row[2]) for row in rows], places)
        took = _write(old, new, [(one, row[0], row[1]) for one, row in zip(wrapped, rows, strict=True)])
        written += len(rows)
        if written >= _CHECKPOINT_EVERY:
            written = 0
            checkpoint("PASSIVE")
        yield len(rows)
        aimed = int(size * longest / max(took, 1e-6))
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


def checkpoint(how: str) -> None:
    """Write SQLite's log back into its file: better here than in somebody's request."""
    if vault.is_sqlite() and not vault.connection().in_atomic_block:
        with vault.connection().cursor() as cursor:
            cursor.execute(f"PRAGMA wal_checkpoint({how})")
