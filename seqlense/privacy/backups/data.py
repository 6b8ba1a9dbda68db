"""The data: one consistent snapshot by pg_dump, compressed, in its custom format.

The snapshot is exported first, so that what the manifest says of the data is what the dump holds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from seqlense.privacy.backups import programs
from seqlense.privacy.backups.errors import BackupError
from seqlense.privacy.backups.manifest import Drain, File
from seqlense.privacy.backups.programs import Server
from seqlense.privacy.restoring.marker import MARKER

CONTENT: Final = "data.dump"
COMPRESSION: Final = "gzip:1"
"""The one that each build of PostgreSQL's programs has; sealed values shrink no further by trying harder."""
_VERSION: Final = 10_000

type Progress = Callable[[int], None]  # bytes written since the last call


@dataclass(frozen=True)
class Snapshot:
    """One moment of the data. sealed: entries of the log that it knows; server: major version."""

    name: str
    server: int
    subjects: int
    sealed: int


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Hold a snapshot that pg_dump can take over, on a line of its own."""
    line = connections.create_connection(DEFAULT_DB_ALIAS)
    if line.vendor != "postgresql":
        raise BackupError("Only data in PostgreSQL is backed up here: use your database's own means.")
    try:
        line.ensure_connection()
        with line.cursor() as cursor:
            cursor.execute("begin isolation level repeatable read read only")
            if role := getattr(settings, "SEQLENSE_MAINTENANCE_ROLE", None):
                cursor.execute("select set_config('role', %s, true)", [role])
            cursor.execute(
                "select pg_export_snapshot(), current_setting('server_version_num')::int, "
                "(select count(*) from privacy_subject where erased_at is null), "
                "(select coalesce(max(size), 0) from privacy_loghead)"
            )
            row: tuple[Any, ...] = cursor.fetchone() or ()
            yield Snapshot(row[0], row[1] // _VERSION, row[2], row[3])
    finally:
        line.close()


def write(taken: Snapshot, into: Path, progress: Progress) -> tuple[str, File]:
    """The dump of that snapshot; the program that made it, and the file. Raises a BackupError."""
    server = Server.of(DEFAULT_DB_ALIAS)
    command = dumping(server, major=taken.server)
    command += ["--snapshot", taken.name, f"--exclude-table=public.{MARKER}"]
    if role := getattr(settings, "SEQLENSE_MAINTENANCE_ROLE", None):
        command += ["--role", role]  # row security would hide organisations' rows from the owner
    with Drain(into / CONTENT) as file, programs.reading(command, server) as pieces:
        for piece in pieces:
            progress(file.write(piece))
    return f"pg_dump {taken.server}", file.described()


def dumping(server: Server, *, major: int) -> list[str | Path]:
    """pg_dump of a whole database to its output."""
    return [
        programs.find("pg_dump", server=major),
        "--format=custom",
        f"--compress={COMPRESSION}",
        "--no-publications",
        "--no-subscriptions",
        "--no-security-labels",
        "--no-tablespaces",
        "--no-password",
        f"--dbname={server.conninfo}",
    ]
