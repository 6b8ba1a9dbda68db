"""The data comes back: whole or not at all, and locked from before its first row."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg

from seqlense.privacy.backups import data, programs
from seqlense.privacy.backups.manifest import Manifest
from seqlense.privacy.backups.programs import Server
from seqlense.privacy.restoring import target_sql
from seqlense.privacy.restoring.errors import NoSuchDatabase, NotEmpty, RestoreError
from seqlense.privacy.restoring.target_sql import Connection

type Step = Callable[[Connection], None]  # something to do in the target, as its owner

_DEFAULTS: Final = b" DEFAULT ACL "


def restore(
    manifest: Manifest,
    folder: Path,
    server: Server,
    *,
    replace: bool,
    now: datetime,
    before: Step,
    after: Step,
) -> None:
    """Restore a verified backup of the data. before, after: the project's roles and default rights.

    Raises NotEmpty without `replace`, NoSuchDatabase, or another PrivacyError. In one transaction: cut off,
    it leaves an empty, locked database.
    """
    try:
        line = server.connect()
    except psycopg.OperationalError:
        raise NoSuchDatabase(
            f"The database {server.name} doesn't answer, or lets nobody in. Create it empty, with an owner "
            "of its own; a password comes by PGPASSWORD or PGPASSFILE."
        ) from None
    with line:
        major = target_sql.major(line)
        program = restoring_program(major, manifest)
        if target_sql.holds(line) and not replace:
            raise NotEmpty(
                f"The database {server.name} isn't empty. Restore into an empty one, or say --replace: what "
                "it holds is then destroyed."
            )
        before(line)
        target_sql.make_ready(line, backup=manifest.name, taken_at=manifest.created_at, now=now)
        load(program, folder / data.CONTENT, server)
        after(line)


def restoring_program(major: int, manifest: Manifest) -> Path:
    """pg_restore for a server of that version. Raises RestoreError for one older than the backup's."""
    if major < manifest.server:
        raise RestoreError(
            f"The backup comes from PostgreSQL {manifest.server}, the target is {major}: use a server of "
            "that version or a later one."
        )
    return programs.find("pg_restore", server=major)


def load(program: Path, dump: Path, server: Server) -> None:
    """pg_restore in one transaction, but for default rights: the target's owner may have another name."""
    with tempfile.NamedTemporaryFile(suffix=".list") as chosen:
        with programs.reading([program, "--list", dump], server) as pieces:
            listed = b"".join(pieces)
        chosen.writelines(line for line in listed.splitlines(keepends=True) if _DEFAULTS not in line)
        chosen.flush()
        programs.run(
            [
                program,
                "--single-transaction",
                "--exit-on-error",
                "--no-owner",
                "--no-tablespaces",
                "--no-password",
                f"--use-list={chosen.name}",
                f"--dbname={server.conninfo}",
                dump,
            ],
            server,
        )
