"""An installation of its own, whose database may be stopped and whose parts may be taken away."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from types import MappingProxyType

import pytest

from seqlense.project import database, embedded, processes
from seqlense.project.environment import SOURCE
from tests import running

PATIENCE = 40.0


@dataclass(frozen=True)
class Answer:
    """A page as a browser got it."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Pages:
    """A running process that serves pages."""

    port: int
    log: Path
    child: processes.Child

    def get(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes = b"",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body=body or None, headers={"Host": "localhost", **headers})
            response: HTTPResponse = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read().decode(errors="replace"))
        finally:
            connection.close()


@dataclass
class Installation:
    """Prepared folders, databases and keys, and the means to start the product's processes on them."""

    home: Path
    cluster: embedded.Cluster
    server: embedded.Server | None = None
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def keystore(self) -> Path:
        return self.home / "keystore" / "keystore.sqlite3"

    def start_database(self) -> None:
        self.server = self.cluster.start()

    def stop_database(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    def environment(self, **more: str) -> dict[str, str]:
        return {**running.environment(), **self.variables, "LANG": "C", **more}

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A command of the product, to its end."""
        return self._run(["-m", *command], variables)

    def python(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A script in a process of the product, to its end."""
        return self._run(["-c", script], variables)

    def _run(self, command: list[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            env=self.environment(**variables),
            cwd=SOURCE,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def command(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.run("seqlense.project.cli", *arguments, **variables)

    def pages_refused(self, **variables: str) -> str:
        """What the entry point of the pages says, where it must not start."""
        refused = self.python("import seqlense.project.wsgi", **variables)
        assert refused.returncode == 1
        assert refused.stdout == ""
        return refused.stderr

    def server_refused(self, **variables: str) -> str:
        """What the whole web server says, where it must not start."""
        with self._serving(variables) as pages:
            assert pages.child.process.wait(PATIENCE) != 0
            return pages.log.read_text(encoding="utf-8")

    @contextmanager
    def pages(self, **variables: str) -> Iterator[Pages]:
        """Pages that answer."""
        with self._serving(variables) as pages:
            limit = time.monotonic() + PATIENCE
            while True:
                assert pages.child.ended() is None, pages.log.read_text(encoding="utf-8")
                assert time.monotonic() < limit
                try:
                    pages.get("/robots.txt")
                except (OSError, HTTPException):
                    time.sleep(0.1)
                else:
                    break
            yield pages

    @contextmanager
    def _serving(self, variables: Mapping[str, str]) -> Iterator[Pages]:
        port = processes.free_port(0)
        command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        command += [
            "--workers",
            "1",
            "--blocking-threads",
            "4",
            "--no-ws",
            "seqlense.project.wsgi:application",
        ]
        with self.child("pages", command, variables) as child:
            yield Pages(port, child.log, child)

    @contextmanager
    def worker(self) -> Iterator[processes.Child]:
        with self.child("worker", ["seqlense.project.cli", "worker"], {}) as child:
            yield child

    @contextmanager
    def child(self, name: str, command: list[str], variables: Mapping[str, str]) -> Iterator[processes.Child]:
        log = self.home / "log" / f"{name}-{time.monotonic_ns()}.log"
        child = processes.start(
            name, [sys.executable, "-m", *command], log=log, environment=self.environment(**variables)
        )
        try:
            yield child
        finally:
            child.stop()


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    with running.home() as home:
        for name in ("keystore", "epoch-keys", "log", "static"):
            (home / name).mkdir(mode=0o700)
        cluster = embedded.Cluster(
            data=home / "postgresql", socket=home / "run", log=home / "log" / "postgresql.log", durable=False
        )
        made = Installation(home=home, cluster=cluster)
        made.variables = {
            "SEQLENSE_MODE": "development",
            "SEQLENSE_HOME": str(home),
            "SEQLENSE_PUBLIC_URL": "http://localhost",
            "SEQLENSE_SMTP_URL": "smtp://127.0.0.1:1",
            "SEQLENSE_SECRET_KEY": "not a secret in a test " * 4,
            "DATABASE_URL": f"postgresql://seqlense@/seqlense?host={cluster.socket}",
            "DJANGO_SETTINGS_MODULE": "seqlense.project.settings",
            "PYTHONPATH": os.pathsep.join([str(SOURCE)]),
        }
        made.start_database()
        try:
            database.create_database(cluster.conninfo, name="seqlense", owner="seqlense")
            prepared = made.run("seqlense.project.preparing")
            assert prepared.returncode == 0, prepared.stderr
            yield made
        finally:
            made.stop_database()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlense.site.middleware.time.sleep", lambda seconds: None)
