"""That data, keystore and epoch keys belong together; and the statements that differ between databases."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.privacy.keystore import epochkeys
from seqlense.privacy.keystore.envelope import Key, Secret
from seqlense.privacy.keystore.errors import (
    EpochKeyDamaged,
    EpochKeyMissing,
    KeystoreMissing,
    RotationRunning,
    WrongInstallation,
)
from seqlense.privacy.routers import KEYS

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

NOBODY = UUID(int=0)  # sorts before every subject
_INDEX_KEY = b"seqlense index key\x00"


@dataclass(frozen=True)
class VaultRow:
    """The keystore's one row: installation, current epoch, the one being retired, the wrapped index key."""

    installation: UUID
    epoch: int
    retiring: int | None
    index_key: bytes
    index_epoch: int


def available() -> bool:
    """Whether this project has a keystore at all (a database alias `keys`)."""
    return KEYS in settings.DATABASES


def connection() -> BaseDatabaseWrapper:
    """The keystore's connection. Raises KeystoreMissing where the project has none."""
    if not available():
        raise KeystoreMissing('Sealed columns and handles need a database alias "keys": add it to DATABASES.')
    return connections[KEYS]


def is_sqlite() -> bool:
    """Whether the keystore is a SQLite file."""
    return connection().vendor == "sqlite"


def id_of(subject: UUID) -> UUID | str:
    """A subject as the keystore's database wants it for a parameter."""
    return subject.hex if is_sqlite() else subject


def among(column: str) -> str:
    """SQL: the column is one of a list given as a single parameter made by `many`."""
    one_of = "IN (SELECT value FROM json_each(%s))" if is_sqlite() else "= ANY(%s)"
    return f"{column} {one_of}"


def many(values: Iterable[UUID] | Iterable[str]) -> list[Any] | str:
    """The parameter for `among`."""
    listed = list(values)
    if not is_sqlite():
        return listed
    return json.dumps([value.hex if isinstance(value, UUID) else value for value in listed])


def as_uuid(value: Any) -> UUID:
    """An identifier as it comes out of a statement."""
    return value if isinstance(value, UUID) else UUID(hex=value)


def read(*, for_insert: bool = False) -> VaultRow | None:
    """The keystore's row. for_insert: the epoch stays current until the transaction around ends."""
    statement = "SELECT installation, epoch, retiring, index_key, index_epoch FROM keystore_vault"
    if for_insert and not is_sqlite():
        statement += " FOR SHARE"
    with connection().cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return VaultRow(as_uuid(row[0]), row[1], row[2], bytes(row[3]), row[4]) if row else None


_settled: dict[tuple[object, ...], UUID] = {}


def installation() -> UUID:
    """This installation's id, after making sure, once per process, that data and keystore share it.

    On the first start of all, when neither has one, it is made here. Raises KeystoreMissing or
    WrongInstallation.
    """
    places = (_place(connection()), _place(connections[DEFAULT_DB_ALIAS]))
    known = _settled.get(places)
    if known is None:
        known = _settled[places] = _settle()
    return known


def initialise_if_new() -> None:
    """Make an installation where neither database has one; otherwise nothing: the first use will check."""
    if _vault_installation() is None and _data_installation() is None:
        _settled.clear()
        installation()


def _place(database: BaseDatabaseWrapper) -> tuple[str, str]:
    return str(database.settings_dict["NAME"]), str(database.settings_dict["HOST"])


def _settle() -> UUID:
    vault, data = _vault_installation(), _data_installation()
    if vault is None or data is None:
        with exclusive("settling.lock", wait=True):
            vault, data = _vault_installation(), _data_installation()
            if vault is None or data is None:
                return _initialise(vault, data)
    if vault != data:
        raise WrongInstallation(
            f"The keystore is of installation {vault}, the data of {data}. Start with the keystore and the "
            "epoch keys that belong to this data."
        )
    _name_first_key()
    return vault


def _vault_installation() -> UUID | None:
    try:
        row = read()
    except (OperationalError, ProgrammingError):
        if "keystore_vault" in connection().introspection.table_names():
            raise
        if (data := _data_installation()) is not None:
            raise _keystore_is_empty(data) from None
        raise KeystoreMissing(
            "The keystore's database has no tables yet: run the migrations on `keys`."
        ) from None
    return row.installation if row else None


def _data_installation() -> UUID | None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT installation FROM privacy_installation")
        row = cursor.fetchone()
    return as_uuid(row[0]) if row else None


def _initialise(vault: UUID | None, data: UUID | None) -> UUID:
    """The first start, or the rest of it: key file, keystore's row, data's row, the file's final name."""
    pending = _pending()
    if data is not None:
        raise _keystore_is_empty(data)
    if vault is not None and not pending.exists():
        raise WrongInstallation(
            f"The keystore is of installation {vault}, and the data database is new. Start with the data "
            "that belongs to it, or with an empty keystore and an empty folder of epoch keys."
        )
    if vault is None and (left := epochkeys.epochs()):
        raise WrongInstallation(
            f"Data and keystore are new, but {epochkeys.path_of(left[-1])} is the key of an installation. "
            "Start with its databases, or with an empty folder of epoch keys."
        )
    if connection().in_atomic_block or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        raise KeystoreMissing(
            "The keystore isn't set up yet: run the migrations."
        )  # no file can be rolled back
    if vault is None:
        epochkeys.create(pending, installation=uuid7(), epoch=1, now=clock.now())
    first = epochkeys.read(pending)
    if vault is None:
        wrapped = first.key.wrap(Secret.new(), _INDEX_KEY + first.installation.bytes)
        _insert_vault(first.installation, wrapped)
    _insert_data(first.installation)
    _name_first_key()
    return first.installation


def _keystore_is_empty(data: UUID) -> KeystoreMissing:
    return KeystoreMissing(
        f"This data is of installation {data}, but its keystore is empty. Start with the keystore that "
        "belongs to it: nothing sealed can be read without."
    )


def _name_first_key() -> None:
    """The last step of a first start: its key file gets its final name."""
    pending = _pending()
    if pending.exists():
        pending.rename(epochkeys.path_of(1))
        epochkeys.flush_folder()


def _pending() -> Path:
    final = epochkeys.path_of(1)
    return final.with_name(final.name + epochkeys.PENDING)


def _insert_vault(installation: UUID, wrapped_index_key: bytes) -> None:
    with connection().cursor() as cursor:
        cursor.execute(
            "INSERT INTO keystore_vault (id, installation, epoch, index_key, index_epoch)"
            " VALUES (1, %s, 1, %s, 1)",
            [id_of(installation), wrapped_index_key],
        )


def _insert_data(installation: UUID) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_installation (id, installation) VALUES (1, %s)",
            [installation.hex if database.vendor == "sqlite" else installation],
        )


def epoch_key(epoch: int) -> Key:
    """The key of an epoch of this installation. Raises a KeystoreError."""
    return epochkeys.key_of(epoch, installation()).key


def rewrapped_index_key(row: VaultRow, epoch: int) -> bytes:
    """The index key wrapped under another epoch."""
    place = _INDEX_KEY + row.installation.bytes
    return epoch_key(epoch).wrap(epoch_key(row.index_epoch).unwrap(row.index_key, place), place)


def index_secret() -> Secret:
    """The key of the handles' digests, unwrapped. Raises a KeystoreError."""
    identity = installation()
    while True:
        row = read()
        if row is None:
            raise KeystoreMissing("The keystore is empty.")
        try:
            return epoch_key(row.index_epoch).unwrap(row.index_key, _INDEX_KEY + identity.bytes)
        except (EpochKeyMissing, EpochKeyDamaged):
            if read() == row:  # otherwise a rotation ended in between
                raise


@contextmanager
def changing() -> Iterator[CursorWrapper]:
    """A short transaction of the keystore's own; inside another one, a part of it.

    Who waits for SQLite's write lock looks again after ever longer naps; waiting in line for a lock of the
    system first, it is woken at once.
    """
    database = connection()
    with ExitStack() as held:
        if not database.in_atomic_block and is_sqlite():
            file = Path(str(database.settings_dict["NAME"]))
            if file.is_file():
                held.enter_context(locked(file.with_name(f"{file.name}-queue")))
        held.enter_context(transaction.atomic(using=KEYS))
        yield held.enter_context(database.cursor())


@contextmanager
def writing() -> Iterator[VaultRow]:
    """As `changing`; the current epoch stays current until its end."""
    installation()
    with changing():
        row = read(for_insert=True)
        if row is None:
            raise KeystoreMissing("The keystore is empty.")
        yield row


@contextmanager
def exclusive(name: str, *, wait: bool) -> Iterator[None]:
    """Hold a lock beside the epoch keys; the system lets go of it when the process ends, however it does.

    Raises RotationRunning at once if it is held and `wait` is false.
    """
    folder = epochkeys.folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(locked(folder / name, wait=wait))
        except BlockingIOError:
            raise RotationRunning("Another process is rotating the keys: let it finish.") from None
        yield


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the system's lock on that file, made if need be. BlockingIOError if held and not `wait`."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(file)


def forget_settled() -> None:
    """Check anew whether data and keystore belong together."""
    _settled.clear()
