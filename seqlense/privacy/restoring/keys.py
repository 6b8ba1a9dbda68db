"""The keystore and the documents come back, where there are none."""

import os
import shutil
import tarfile
from pathlib import Path

from django.db import DatabaseError

from seqlense.privacy.backups import documents, keys
from seqlense.privacy.backups.manifest import Manifest
from seqlense.privacy.backups.places import flush
from seqlense.privacy.backups.programs import Server
from seqlense.privacy.keystore import epochkeys, vault
from seqlense.privacy.keystore.errors import KeystoreOlder
from seqlense.privacy.restoring import data, target_sql
from seqlense.privacy.restoring.errors import NotEmpty, RestoreError
from seqlense.privacy.routers import KEYS


def restore_keystore(manifest: Manifest, folder: Path) -> None:
    """Put a verified copy of the keystore in place. Raises NotEmpty where one is, or KeystoreOlder.

    The mistake to fear is an old keystore over the current one: those erased since could be read.
    """
    if _in_place():
        raise NotEmpty(
            "There is a keystore. The current one is always the right one, also beside an older backup of "
            "the data: an older one brings back keys of people erased since, and lacks those of newcomers."
        )
    if (latest := max(epochkeys.epochs(), default=0)) > manifest.epoch:
        raise KeystoreOlder(
            f"This copy is of epoch {manifest.epoch}, and epoch {latest} had begun: it opens nothing any "
            "more. Put back the copy that was made after the last rotation."
        )
    if manifest.server:
        server = Server.of(KEYS)
        with server.connect() as line:
            if target_sql.holds(line):
                raise NotEmpty("The keystore's database isn't empty: restore into an empty one.")
            program = data.restoring_program(target_sql.major(line), manifest)
        data.load(program, folder / keys.DUMP, server)
    elif not vault.is_sqlite():
        raise RestoreError("This copy is a SQLite file: let SEQLENSE_KEYS_URL name one.")
    else:
        _put(folder / keys.SQLITE, keys.alias_file())
    vault.forget_settled()


def _in_place() -> bool:
    if vault.is_sqlite() and not keys.alias_file().exists():
        return False
    try:
        return vault.read() is not None
    except DatabaseError:  # no tables: nothing was ever kept there
        return False


def _put(copy: Path, place: Path) -> None:
    """On the disk under its name, or not there at all."""
    vault.connection().close()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.restoring")
    with (
        copy.open("rb") as source,
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target,
    ):
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())
    for beside in ("-wal", "-shm"):
        place.with_name(place.name + beside).unlink(missing_ok=True)
    draft.replace(place)
    flush(place.parent)


def restore_documents(folder: Path, into: Path) -> None:
    """Put the verified document store in place. Raises NotEmpty where there is one."""
    if into.is_dir() and any(into.iterdir()):
        raise NotEmpty(f"{into} isn't empty: move it away first.")
    draft = into.with_name(f"{into.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    with tarfile.open(folder / documents.CONTENT) as packed:
        packed.extractall(draft, filter="data")
    if into.is_dir():
        into.rmdir()
    draft.rename(into)
    flush(into.parent)
