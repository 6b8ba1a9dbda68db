"""An installation for the storm: PostgreSQL as it is shipped, a mail server that counts, a forkserver."""

import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any, Literal

import psycopg
from aiosmtpd.smtp import SMTP, Envelope, Session

from seqlense.project import database, embedded
from seqlense.project.catcher.catching import Listener
from seqlense.project.environment import SOURCE
from tests import running

type Keystore = Literal["sqlite", "postgresql"]
KEYS = "seqlense_keys"
FOLDERS = ("keystore", "epoch-keys", "log", "static", "journal")


@dataclass
class Postbox:
    """Takes every message and remembers whose it was and its opaque Message-ID."""

    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def repeated(self) -> int:
        """How many came once more than they had to."""
        return self.taken.total() - len(self.taken)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.taken[envelope.rcpt_tos[0], str(message_from_bytes(content)["Message-ID"])] += 1
        return "250 2.0.0 Counted"


@dataclass
class Server:
    """PostgreSQL, running."""

    cluster: embedded.Cluster
    running: embedded.Server

    def stop_at_once(self) -> None:
        """What `pg_ctl stop -m immediate` does, and the next start, which has to recover."""
        self.running.child.process.send_signal(signal.SIGQUIT)
        self.running.child.process.wait(30)
        self.running = self.cluster.start()

    def stop(self) -> None:
        """In peace."""
        self.running.stop()


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the storm goes over."""

    home: Path
    server: Server
    postbox: Postbox
    keystore: Keystore
    environment: Mapping[str, str]
    forkserver: subprocess.Popen[str]

    def fork(self, slot: int, actor: str, part: int, parts: int) -> int:
        """A new process of the product; its id."""
        assert self.forkserver.stdin
        assert self.forkserver.stdout
        self.forkserver.stdin.write(f"{json.dumps([slot, actor, part, parts])}\n")
        self.forkserver.stdin.flush()
        return int(self.forkserver.stdout.readline())

    def superuser(self, name: str = "seqlense") -> psycopg.Connection[tuple[Any, ...]]:
        """Sees past every wall."""
        where = str(self.server.cluster.socket)
        return psycopg.connect(host=where, user=embedded.SUPERUSER, dbname=name, autocommit=True)

    def ask_keystore(self, question: str) -> list[tuple[Any, ...]]:
        """What is in the keystore's database."""
        if self.keystore == "postgresql":
            with self.superuser(KEYS) as superuser:
                return superuser.execute(question.encode()).fetchall()
        file = f"file:{self.home}/keystore/keystore.sqlite3?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as connection:
            return connection.execute(question).fetchall()

    def read(self) -> dict[str, Any]:
        """All that is sealed, opened by a process of the product."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.crashes.reading"],
            env=self.environment,
            cwd=SOURCE,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        opened: dict[str, Any] = json.loads(done.stdout)
        return opened

    def said(self, actor: str = "*") -> str:
        """The last words of every process, or of those alike."""
        logs = sorted((self.home / "log").glob(f"{actor}-*.log"))
        return "\n".join(f"--- {one.name}\n{one.read_text(errors='replace')[-3000:]}" for one in logs)


@contextmanager
def ground(sizes: Mapping[str, int], *, keystore: Keystore) -> Iterator[Ground]:
    """Prepared, planted with that many people of each group, and ready."""
    with running.home() as home:
        for name in FOLDERS:
            (home / name).mkdir(mode=0o700)
        cluster = embedded.Cluster(
            data=home / "postgresql", socket=home / "run", log=home / "log" / "postgresql.log"
        )
        postbox = Postbox()
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        listener = Listener(postbox, ident="crashes", enable_SMTPUTF8=True, decode_data=False)
        listener.start()
        with ExitStack() as stack:
            stack.callback(listener.stop)
            server = Server(cluster, cluster.start())
            stack.callback(server.stop)
            database.create_database(cluster.conninfo, name="seqlense", owner="seqlense")
            environment = _environment(home, cluster, listener.port)
            if keystore == "postgresql":
                database.create_database(cluster.conninfo, name=KEYS, owner="seqlense")
                environment["SEQLENSE_KEYS_URL"] = f"postgresql://seqlense@/{KEYS}?host={cluster.socket}"
            yield Ground(
                home=home,
                server=server,
                postbox=postbox,
                keystore=keystore,
                environment=environment,
                forkserver=stack.enter_context(_forkserver(home, environment, sizes)),
            )


def _environment(home: Path, cluster: embedded.Cluster, port: int) -> dict[str, str]:
    return {
        **running.environment(),
        "SEQLENSE_MODE": "development",
        "SEQLENSE_HOME": str(home),
        "SEQLENSE_PUBLIC_URL": "http://localhost",
        "SEQLENSE_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "SEQLENSE_SECRET_KEY": "not a secret in a test " * 4,
        "DATABASE_URL": f"postgresql://seqlense@/seqlense?host={cluster.socket}",
        "DJANGO_SETTINGS_MODULE": "seqlense.project.settings",
        "PYTHONPATH": os.pathsep.join([str(SOURCE)]),
    }


@contextmanager
def _forkserver(
    home: Path, environment: Mapping[str, str], sizes: Mapping[str, int]
) -> Iterator[subprocess.Popen[str]]:
    log = home / "log" / "forkserver.log"
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "tests.crashes.forkserver", json.dumps(dict(sizes))],
            cwd=SOURCE,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n", log.read_text(encoding="utf-8")
            yield process
        finally:
            process.kill()
