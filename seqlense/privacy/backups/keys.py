"""The keystore: SQLite's own copy of itself while others write, or pg_dump. Never an epoch key."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from django.db import connections

from seqlense.privacy.backups import data, programs
from seqlense.privacy.backups.data import Progress
from seqlense.privacy.backups.errors import BackupAltered
from seqlense.privacy.backups.manifest import Drain, File
from seqlense.privacy.backups.programs import Server
from seqlense.privacy.keystore import vault
from seqlense.privacy.routers import KEYS

SQLITE: Final = "keystore.sqlite3"
DUMP: Final = "keystore.dump"
_VERSION: Final = 10_000


def server() -> int:
    """Major version of the keystore's server; 0 for a SQLite file."""
    if vault.is_sqlite():
        return 0
    with vault.connection().cursor() as cursor:
        cursor.execute("select current_setting('server_version_num')::int")
        row = cursor.fetchone()
    return int(row[0]) // _VERSION if row else 0


def write(major: int, into: Path, progress: Progress) -> tuple[str, File]:
    """A copy of the whole keystore; what made it, and the file."""
    if major == 0:
        return _copied(into / SQLITE, progress)
    server = Server.of(KEYS)
    command = data.dumping(server, major=major)
    with Drain(into / DUMP) as file, programs.reading(command, server) as pieces:
        for piece in pieces:
            progress(file.write(piece))
    return f"pg_dump {major}", file.described()


def _copied(copy: Path, progress: Progress) -> tuple[str, File]:
    """Only what is in use is written: what was deleted has no place in the copy."""
    copy.touch(mode=0o600)
    with vault.connection().cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    examine(copy)
    with copy.open("rb", buffering=0) as file:
        digest = hashlib.file_digest(file, "sha256")
        size = file.tell()
    progress(size)
    flushed(copy)
    return f"sqlite {sqlite3.sqlite_version}", File(name=copy.name, size=size, sha256=digest.hexdigest())


def examine(copy: Path) -> None:
    """Raises BackupAltered unless SQLite finds the file whole and a keystore in it."""
    try:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as opened:
            found = opened.execute("PRAGMA integrity_check").fetchone()
            opened.execute("SELECT installation, epoch FROM keystore_vault").fetchone()
    except sqlite3.DatabaseError:
        found = None
    if found != ("ok",):
        raise BackupAltered("The copy of the keystore is damaged: examine the keystore's own file and disk.")


def flushed(path: Path) -> None:
    """On the disk."""
    import os

    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def alias_file() -> Path:
    """The keystore's own SQLite file."""
    return Path(str(connections[KEYS].settings_dict["NAME"]))
