"""`bin/run`: the whole product on this machine, with one key to stop it.

    bin/run [--port 8000] [--home FOLDER] [--without-demo] [--json]

Starts the embedded PostgreSQL (or uses DATABASE_URL), brings the tables up to date, plants people to look at
on the first start, then runs pages, worker and mail catcher until Ctrl-C. What is unchanged since the last
start is skipped.
"""

import argparse
import fcntl
import hashlib
import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

from seqlense.project import embedded, processes
from seqlense.project.environment import SOURCE, Environment, Mode, RefusedEnvironment, socket_folder
from seqlense.project.processes import Child

PACKAGE = SOURCE / "seqlense"
FOLDERS = ("keystore", "epoch-keys", "log", "static")
PATIENCE = 60.0
PASSING = ("pictures",)
"""Children that have done their work when they end."""


class Refused(Exception):
    """The product can't start; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the command line asked for."""

    port: int
    home: Path
    demo: bool
    json: bool


@dataclass(kw_only=True)
class Product:
    """What runs, and under which addresses."""

    home: Path
    port: int
    mail_port: int
    variables: dict[str, str]
    children: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def mail_url(self) -> str:
        return f"http://localhost:{self.mail_port}"

    def start(self, name: str, *command: str) -> None:
        self.children.append(
            processes.start(
                name,
                [sys.executable, "-m", *command],
                log=self.home / "log" / f"{name}.log",
                environment=self.variables,
            )
        )

    def stop(self) -> None:
        """The last started first: no page finds its database gone."""
        for child in reversed(self.children):
            child.stop()

    def ended(self) -> Child | None:
        lasting = (child for child in self.children if child.name not in PASSING)
        return next((child for child in lasting if child.ended() is not None), None)


def main(arguments: list[str]) -> int:
    wishes = _wishes(arguments)
    stopping = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda *_: stopping.set())
    try:
        with ExitStack() as stack:
            stack.enter_context(_only_one(wishes.home))
            product = _start(wishes, stack, stopping)
            if stopping.is_set():
                return 0
            _announce(product, wishes)
            return _watch(product, stopping)
    except (Refused, RefusedEnvironment, embedded.DatabaseRefused) as refused:
        sys.stderr.write(f"bin/run: {refused}\n")
        return 1


def _wishes(arguments: list[str]) -> Wishes:
    parser = argparse.ArgumentParser(prog="bin/run", description="Run Seqlense here, for trying out.")
    parser.add_argument("--port", type=int, default=8000, help="of the pages; the next free one if taken")
    parser.add_argument("--home", type=Path, help="where data, keys and logs are kept (default: var/)")
    parser.add_argument("--without-demo", action="store_true", help="start empty")
    parser.add_argument("--json", action="store_true", help="print the addresses as one line of JSON")
    chosen = parser.parse_args(arguments)
    told = os.environ.get("SEQLENSE_HOME")
    home = (chosen.home or (Path(told) if told else SOURCE / "var")).expanduser().absolute()
    return Wishes(port=chosen.port, home=home, demo=not chosen.without_demo, json=chosen.json)


@contextmanager
def _only_one(home: Path) -> Iterator[IO[str]]:
    """One product a home; the lock goes with the process, however it ends."""
    home.mkdir(parents=True, exist_ok=True)
    for name in FOLDERS:
        (home / name).mkdir(exist_ok=True, mode=0o700)
    with (home / "running").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refused(f"already running: {lock.read().strip() or home}") from None
        yield lock


def _start(wishes: Wishes, stack: ExitStack, stopping: threading.Event) -> Product:
    product, smtp_port = _addressed(wishes)
    _secret_key(wishes.home)
    environment = Environment.read(product.variables)
    if environment.mode is Mode.TEST:
        raise Refused("SEQLENSE_MODE=test is for tests")
    if environment.database.embedded:
        home = wishes.home
        cluster = embedded.Cluster(
            data=home / "postgresql", socket=socket_folder(home), log=home / "log" / "postgresql.log"
        )
        stack.enter_context(embedded.running(cluster))
        if not (home / "prepared").exists():
            from seqlense.project import database

            database.create_database(
                cluster.conninfo, name=environment.database.name, owner=environment.database.user
            )
    stack.callback(product.stop)
    catching = ["--smtp-port", str(smtp_port), "--http-port", str(product.mail_port)]
    product.start("catcher", "seqlense.project.catcher", *catching)
    _prepare(product, wishes, stopping)
    if stopping.is_set():
        return product
    product.start(
        "pages",
        *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(product.port)),
        *("--workers", "1", "--blocking-threads", "8", "--no-ws", "seqlense.project.wsgi:application"),
    )
    _wait(product, stopping)
    if not stopping.is_set():  # only now: it would keep the first page waiting for a core
        product.start("worker", "seqlense.project.cli", "worker", "--concurrency", "2")
        if wishes.demo:  # elsewhere the worker does so within the hour
            product.start("pictures", "seqlense.project.cli", "consent", "picture", "--site", product.url)
    return product


def _addressed(wishes: Wishes) -> tuple[Product, int]:
    port = processes.free_port(wishes.port)
    mail_port = processes.free_port(8025 if wishes.port else 0, taken=[port])
    smtp_port = processes.free_port(1025 if wishes.port else 0, taken=[port, mail_port])
    own = {
        "SEQLENSE_MODE": "development",
        "SEQLENSE_HOME": str(wishes.home),
        "SEQLENSE_PUBLIC_URL": f"http://localhost:{port}",
        "SEQLENSE_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "DJANGO_SETTINGS_MODULE": "seqlense.project.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH", "")])),
    }
    # The demonstration shows a video of an outside service, so its visitors are asked about one.
    shown = {"SEQLENSE_REGISTER": str(PACKAGE / "project" / "demo" / "company")} if wishes.demo else {}
    variables = {**shown, **os.environ, **own}
    return Product(home=wishes.home, port=port, mail_port=mail_port, variables=variables), smtp_port


def _secret_key(home: Path) -> None:
    path = home / "secret-key"
    if not path.exists():
        beside = home / "secret-key.new"
        beside.touch(mode=0o600)
        beside.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        beside.replace(path)


def _prepare(product: Product, wishes: Wishes, stopping: threading.Event) -> None:
    """Tables, static files, demo data; skipped while migrations, static files and packages are the same."""
    stamp = product.home / "prepared"
    wanted = _fingerprint(product.variables.get("DATABASE_URL", ""), demo=wishes.demo)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not wishes.json:
        sys.stdout.write("Preparing tables, files and demo data …\n")
        sys.stdout.flush()
    preparing = ["seqlense.project.preparing", *(["--demo"] if wishes.demo else [])]
    product.start("preparing", *preparing)
    child = product.children[-1]
    while child.ended() is None:
        if stopping.wait(0.05):
            return
    product.children.remove(child)
    if child.ended():
        raise Refused(f"preparing the database failed:\n{child.said()}")
    stamp.write_text(wanted, encoding="utf-8")


def _fingerprint(database_url: str, *, demo: bool) -> str:
    digest = hashlib.sha256(f"{database_url}\0{demo}\0".encode())
    digest.update((SOURCE / "requirements-dev.lock").read_bytes())
    for folder, names, files in os.walk(PACKAGE):
        names[:] = sorted(set(names) - {"node_modules", "__pycache__", "locale", "src"})
        inside = Path(folder).relative_to(PACKAGE).parts
        if "migrations" in inside or "static" in inside:
            for name in sorted(files):
                path = Path(folder, name)
                digest.update(f"{path}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _wait(product: Product, stopping: threading.Event) -> None:
    """Until the first page answers."""
    limit = time.monotonic() + PATIENCE
    while not stopping.is_set():
        if (child := product.ended()) is not None:
            raise Refused(f"{child.name} ended by itself:\n{child.said()}")
        if _answers(product.port):
            return
        if time.monotonic() > limit:
            raise Refused(f"no page after {PATIENCE:.0f} s; see {product.home / 'log' / 'pages.log'}")
        stopping.wait(0.05)


def _answers(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        try:
            connection.request("GET", "/fr/", headers={"Host": "localhost"})
            connection.getresponse()
        except (OSError, HTTPException):
            return False
    return True


def _announce(product: Product, wishes: Wishes) -> None:
    (product.home / "running").write_text(f"{product.url}\n", encoding="utf-8")
    if wishes.json:
        addresses = {"url": product.url, "mail": product.mail_url, "home": str(product.home)}
        sys.stdout.write(f"{json.dumps(addresses)}\n")
    else:
        lines = ["", f"Seqlense     {product.url}/", f"Mail         {product.mail_url}/", *_cast(wishes)]
        sys.stdout.write("\n".join([*lines, "", "Ctrl-C stops everything.", ""]))
    sys.stdout.flush()


def _cast(wishes: Wishes) -> Iterator[str]:
    """Who can sign in to the demo data."""
    sign_ins = wishes.home / "sign-ins.json"
    if wishes.demo and sign_ins.is_file():
        yield ""
        yield "Sign in as"
        for who in json.loads(sign_ins.read_text(encoding="utf-8")):
            yield f"  {who['who']:<34} {who['email']:<38} {who['password']}"


def _watch(product: Product, stopping: threading.Event) -> int:
    while not stopping.wait(0.5):
        if (child := product.ended()) is not None:
            sys.stderr.write(f"bin/run: {child.name} ended by itself:\n{child.said()}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
