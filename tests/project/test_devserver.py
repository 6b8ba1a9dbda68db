"""`bin/run` as a person meets it: it starts, says where, refuses a second one, stops whole, starts again."""

import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from seqlense.project.environment import SOURCE
from tests import running


def _get(url: str, path: str) -> HTTPResponse:
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=20)) as connection:
        connection.request("GET", path, headers={"Accept-Language": "de"})
        response = connection.getresponse()
        response.read()
        return response


def _processes_of(home: Path) -> list[str]:
    """Command lines that name the home, and those whose environment does."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(home).encode() in text:
            found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_it_runs_stops_whole_and_starts_again_fast() -> None:
    with running.home() as home:
        with running.product(home, "--without-demo") as first:
            front = _get(first.url, "/")
            assert front.status == 302
            assert front.headers["Location"] == "/fr/"
            page = _get(first.url, "/fr/")
            assert page.status == 200
            assert "unsafe" not in page.headers["Content-Security-Policy"]
            assert page.headers["X-Content-Type-Options"] == "nosniff"
            assert _get(first.mail_url, "/").status == 200
            command = [sys.executable, "-m", "seqlense.project.devserver", "--home", str(home), "--port", "0"]
            second = subprocess.run(
                command, cwd=SOURCE, env=running.environment(), capture_output=True, text=True, check=False
            )
            assert second.returncode == 1
            assert f"already running: {first.url}" in second.stderr
            assert _processes_of(home)
            assert first.stop() == 0
        assert _processes_of(home) == []
        began = time.monotonic()
        with running.product(home, "--without-demo") as again:
            took = time.monotonic() - began
            assert _get(again.url, "/fr/").status == 200
        assert took < 10, "5 s on a machine of its own"
        assert not list(home.glob("log/*.log.*"))
