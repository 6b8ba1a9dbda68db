"""The product and a bare Django view, each served by one worker on one core, and browsers that load them."""

import os
import selectors
import socket
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Final

from seqlense.kit.clock import now

BARE: Final = "bench.served:bare"
PRODUCT: Final = "seqlense.project.wsgi:application"
BARE_TABLE = (
    "create table if not exists bench_bare (id uuid primary key, at timestamptz not null, sent text not null)"
)
INSERT = "insert into bench_bare (id, at, sent) values (%s, %s, %s)"

type Times = list[float]
"""Seconds that each answer took, and last how long all of it took."""


def rate(times: Times) -> float:
    return (len(times) - 1) / times[-1]


def p99(times: Times) -> float:
    return sorted(times[:-1])[int(0.99 * (len(times) - 1))] * 1000


def load(port: int, connections: int, seconds: float, request: Callable[[], bytes]) -> Times:
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
            if not heard[one].startswith(b"HTTP/1.1 20"):
                raise RuntimeError(f"answered {heard[one][:200]!r}")
            if not _is_whole(heard[one]):
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


def _is_whole(answer: bytes) -> bool:
    """All of an answer has come: 204 has no body, and the others here are JSON."""
    return answer.endswith(b"\r\n\r\n" if answer.startswith(b"HTTP/1.1 204") else b'"}')


@contextmanager
def served(home: Path, application: str) -> Iterator[int]:
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


def make_table() -> None:
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
    settings.ROOT_URLCONF = __name__
    settings.DATABASES["default"]["ATOMIC_REQUESTS"] = False
    return WSGIHandler()


def __getattr__(name: str) -> Any:
    """`urlpatterns` and `bare`, once Django is set up."""
    if name == "urlpatterns":
        from django.urls import path

        return [path("consent/", _bare_view), path("measure", _bare_view)]
    if name == "bare":
        return _bare_application()
    raise AttributeError(name)
