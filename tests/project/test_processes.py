"""No orphan: what the supervisor starts ends with it, even if it is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seqlense.project import processes

PARENT = """
import sys, time
from pathlib import Path
from seqlense.project import processes
child = processes.start("child", [sys.executable, "-c", "import time; time.sleep(60)"], log=Path(sys.argv[1]))
print(child.process.pid, flush=True)
time.sleep(60)
"""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A child whose parent is gone may wait, ended, for somebody to ask after it.
    return " Z " not in Path(f"/proc/{pid}/stat").read_text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems don't tell a child")
def test_a_killed_parent_takes_its_children_along(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, tmp_path / "log"], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert _alive(child)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        limit = time.monotonic() + 5
        while _alive(child):
            assert time.monotonic() < limit
            time.sleep(0.02)


def test_a_deaf_child_is_ended_all_the_same(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)"
    child = processes.start("deaf", [sys.executable, "-c", f"{code}; time.sleep(60)"], log=tmp_path / "log")
    limit = time.monotonic() + 10
    while not (tmp_path / "log").read_bytes():
        assert time.monotonic() < limit
        time.sleep(0.02)
    child.stop(patience=0.2)
    assert child.ended() == -signal.SIGKILL


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert processes.free_port(port) != port
        assert processes.free_port(0) > 0
