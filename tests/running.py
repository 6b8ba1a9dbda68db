"""The whole product, started the way `bin/run` starts it, for tests that look at it from outside."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from seqlense.project.environment import SOURCE

LINK = re.compile(r"https?://[^\s<>\"]+")
PASSED_ON = ("PATH", "HOME", "LANG", "SEQLENSE_BROWSER")


@dataclass(frozen=True, kw_only=True)
class Product:
    """A running product with a home of its own."""

    url: str
    mail_url: str
    home: Path
    process: subprocess.Popen[str]

    def messages(self, to: str) -> list[dict[str, Any]]:
        """What was written to an address, newest first."""
        host = self.mail_url.removeprefix("http://")
        connection = HTTPConnection(host, timeout=10)
        try:
            connection.request("GET", "/messages.json")
            caught: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return [message for message in caught if to in message["to"]]

    def message(self, to: str, *, number: int = 1, patience: float = 20) -> dict[str, Any]:
        """The newest message to an address, once `number` of them have come."""
        limit = time.monotonic() + patience
        while len(found := self.messages(to)) < number:
            assert time.monotonic() < limit, f"{len(found)} of {number} messages came"
            time.sleep(0.1)
        return found[0]

    def link(self, to: str, *, number: int = 1) -> str:
        """The link in the newest message to an address."""
        links: list[str] = LINK.findall(self.message(to, number=number)["text"])
        return next(link for link in links if link.startswith(self.url))

    def beside(self, module: str, *arguments: str, said: str = "", **variables: str) -> str:
        """Run a Python module on this product's data, as an operator would; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=said,
            env={
                **environment(),
                "SEQLENSE_MODE": "development",
                "SEQLENSE_HOME": str(self.home),
                "SEQLENSE_PUBLIC_URL": self.url,
                "SEQLENSE_SMTP_URL": "smtp://127.0.0.1:1",
                **variables,
            },
            cwd=SOURCE,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)


def environment() -> dict[str, str]:
    """A machine's own variables, without those of the test run."""
    return {name: value for name, value in os.environ.items() if name in PASSED_ON}


@contextmanager
def home() -> Iterator[Path]:
    """A folder that PostgreSQL's own account may reach too."""
    folder = Path(tempfile.mkdtemp(prefix="seqlense-run-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def product(folder: Path, *options: str, **variables: str) -> Iterator[Product]:
    """Started when the block begins, stopped when it ends. variables: more of its environment."""
    command = [
        sys.executable,
        "-m",
        "seqlense.project.devserver",
        "--home",
        str(folder),
        "--port",
        "0",
        "--json",
    ]
    with subprocess.Popen(
        [*command, *options],
        cwd=SOURCE,
        env={**environment(), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            told = json.loads(line)
            yield Product(url=told["url"], mail_url=told["mail"], home=folder, process=process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(30)
