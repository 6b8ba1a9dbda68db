"""Children that never outlive their parent: PostgreSQL, pages, worker, mail catcher."""

import ctypes
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class Child:
    """A started process; its output goes to `log`, after the `before` bytes of earlier ones."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    before: int = 0

    def said(self, lines: int = 15) -> str:
        """The last lines of its output."""
        whole = self.log.read_bytes()[self.before :].decode(errors="replace")
        return "\n".join(whole.splitlines()[-lines:])

    def ended(self) -> int | None:
        """The exit code once it has ended."""
        return self.process.poll()

    def stop(self, how: signal.Signals = signal.SIGTERM, *, patience: float = 15) -> None:
        """Ask it to end, wait, and end it if it doesn't."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    name: str,
    command: Iterable[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    dies_by: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start it in a session of its own: Ctrl-C reaches the parent, which stops its children in order."""
    with log.open("ab") as output:
        before = output.tell()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            user=user,
            group=user,
            start_new_session=True,
            preexec_fn=_dies_with_parent(dies_by),  # noqa: PLW1509 (one prctl call, no lock)
        )
    return Child(name=name, process=process, log=log, before=before)


def _dies_with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """Linux signals the child when the thread that started it ends, even by kill -9: no orphan is left."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(how))

    return ask


def free_port(preferred: int, *, taken: Iterable[int] = ()) -> int:
    """The preferred port of this machine or the next one that is free; 0 means any."""
    if preferred == 0:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])
    for port in range(preferred, min(preferred + 500, 65536)):
        if port not in taken and not _in_use(port):
            return port
    return free_port(0)


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
