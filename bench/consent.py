"""A visitor's choice: decisions a second on one core, against a bare Django view that does one INSERT.

    python -m bench.consent [--seconds 4] [--rounds 3]

The promise: at least 0.8 times the bare view at 1, 4 and 16 connections. Both are served by one worker of the
same web server, pinned to one core, on the same database; the bare one has no middleware at all. Rounds
alternate, so that both meet the same machine. A decision checks where it comes from, counts it, reads and
checks the choice, writes the receipt and its entry of the log in one statement, and signs a cookie.
"""

import argparse
import json
import os
import selectors
import socket
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from bench.product import HOST, product
from bench.report import Result, at_least, holds, report, told
from seqlense.kit.clock import now

FULL = ("--seconds 4 --rounds 3",)
QUICK = ("--seconds 0.3 --rounds 1",)
LEAST = 0.8
CONNECTIONS = (1, 4, 16)
BARE_TABLE = (
    "create table if not exists bench_bare (id uuid primary key, at timestamptz not null, sent text not null)"
)
INSERT = "insert into bench_bare (id, at, sent) values (%s, %s, %s)"
_visitors = count()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with product(SEQLENSE_REGISTER=str(_club())) as home, ExitStack() as stack:
        _make_table()
        request = _requests()
        ours = stack.enter_context(_served(home, "seqlense.project.wsgi:application"))
        bare = stack.enter_context(_served(home, "bench.consent:bare"))
        for port in (ours, bare):
            _load(port, 1, 0.3, request)
        rounds = [
            (connections, _load(ours, connections, chosen.seconds, request),
             _load(bare, connections, chosen.seconds, request))
            for _ in range(chosen.rounds) for connections in CONNECTIONS
        ]  # fmt: skip
        return report([*_results(rounds), _written(rounds)])


type Times = list[float]
"""Seconds that each answer took, and last how long all of it took."""


def _results(rounds: Sequence[tuple[int, Times, Times]]) -> Iterator[Result]:
    for connections in CONNECTIONS:
        mine = [(ours, bare) for known, ours, bare in rounds if known == connections]
        rates = [(_rate(ours), _rate(bare)) for ours, bare in mine]
        at = f"{connections} connection{'s' * (connections > 1)}"
        yield told(f"decisions a second, {at}", statistics.median(one for one, _ in rates), places=0)
        yield told(f"p99, {at}", statistics.median(_p99(ours) for ours, _ in mine), "ms", places=2)
        yield told(f"bare view a second, {at}", statistics.median(one for _, one in rates), places=0)
        yield told(f"bare view p99, {at}", statistics.median(_p99(bare) for _, bare in mine), "ms", places=2)
        ratio = statistics.median(one / other for one, other in rates)
        yield at_least(f"decisions to bare view, {at}", ratio, LEAST, "×", places=2)


def _rate(times: Times) -> float:
    return (len(times) - 1) / times[-1]


def _p99(times: Times) -> float:
    return sorted(times[:-1])[int(0.99 * (len(times) - 1))] * 1000


def _written(rounds: Sequence[tuple[int, Times, Times]]) -> Result:
    """Every answer stands for a receipt with its entry of the log."""
    from django.db import connection

    answered = sum(len(ours) - 1 for _, ours, _ in rounds)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(l.id) from consent_receipt r left join privacy_leaf l on l.act = r.id"
        )
        receipts, leaves = cursor.fetchone()
    kept = receipts == leaves and receipts >= answered > 0
    return holds("receipts with their entry of the log", kept, f"{leaves} of {receipts}", "all")


def _club() -> Path:
    """A company that asks about two outside services."""
    return Path(__file__).parent / "club"


def _requests() -> Callable[[], bytes]:
    """Requests as browsers send them, each of another visitor."""
    from seqlense.privacy.consent import choices, displays

    shown = displays.shown("fr", now=now())
    services = {one.id: place == 0 for place, one in enumerate(choices.offered())}
    if not services:
        raise RuntimeError("no outside service to choose on")
    body = json.dumps({"services": services, "how": "panel", "language": "fr", "shown": shown}).encode()
    head = (
        f"POST /consent/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nSec-Fetch-Site: same-origin\r\nOrigin: http://{HOST}:8000\r\n"
    )

    def made() -> bytes:
        number = next(_visitors)
        place = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        return f"{head}X-Forwarded-For: {place}\r\n\r\n".encode() + body

    return made


def _load(port: int, connections: int, seconds: float, request: Callable[[], bytes]) -> Times:
    """Keep that many connections busy, each with one request at a time."""
    waiting = selectors.DefaultSelector()
    began: dict[socket.socket, float] = {}
    heard: dict[socket.socket, bytes] = defaultdict(bytes)
    for _ in range(connections):
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(line, selectors.EVENT_READ)
        began[line] = perf_counter()
        line.sendall(request())
    times: Times = []
    start = perf_counter()
    while (moment := perf_counter()) < start + seconds:
        for key, _ in waiting.select(timeout=1):
            one: Any = key.fileobj
            heard[one] += one.recv(65536)
            if not heard[one].startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"answered {heard[one][:200]!r}")
            if not heard[one].endswith(b'"}'):
                continue
            heard[one] = b""
            times.append(perf_counter() - began[one])
            began[one] = perf_counter()
            one.sendall(request())
    times.append(moment - start)
    for line in began:
        line.recv(65536)
        line.close()
    return times


@contextmanager
def _served(home: Path, application: str) -> Iterator[int]:
    """One worker on one core; gives the port."""
    from seqlense.project import processes

    port, all_cores = processes.free_port(0), os.sched_getaffinity(0)
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    os.sched_setaffinity(0, {min(all_cores)})
    try:
        child = processes.start(
            application.partition(":")[0],
            [sys.executable, "-m", "granian", *options, "--blocking-threads", "4", application],
            log=home / "log" / "pages.log",
            environment=dict(os.environ),
        )
    finally:
        os.sched_setaffinity(0, all_cores)
    try:
        _wait(port)
        yield port
    finally:
        child.stop()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            sleep(0.1)
    raise RuntimeError("nobody answers")


def _make_table() -> None:
    from django.db import connection

    from seqlense.project import database

    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute(BARE_TABLE)


def _bare_view(request: Any) -> Any:
    from django.db import connection
    from django.http import JsonResponse

    from seqlense.kit.identifiers import uuid7

    identifier = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [identifier, now(), request.body.decode()])
    return JsonResponse({"receipt": str(identifier)}, headers={"Content-Length": "51"})


def _bare_application() -> Any:
    """Django as it comes, on the same database, without middleware: one view, one INSERT, no transaction
    around it.
    """
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    django.setup()
    settings.MIDDLEWARE = []
    settings.ROOT_URLCONF = "bench.consent"
    settings.DATABASES["default"]["ATOMIC_REQUESTS"] = False
    return WSGIHandler()


def __getattr__(name: str) -> Any:
    """`urlpatterns` and `bare`, once Django is set up."""
    if name == "urlpatterns":
        from django.urls import path

        return [path("consent/", _bare_view)]
    if name == "bare":
        return _bare_application()
    raise AttributeError(name)


if __name__ == "__main__":
    sys.exit(main())
