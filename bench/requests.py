"""Asking a page in this process, through WSGI: how long it takes, and what it asks of the databases."""

import sys
from collections.abc import Callable
from io import BytesIO
from time import perf_counter
from typing import Any

from bench.product import HOST, Visitor

type Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def request(path: str, visitor: Visitor) -> dict[str, Any]:
    """What a server tells of a browser's question."""
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": f"{HOST}:8000",
        "HTTP_COOKIE": visitor.cookies,
        "HTTP_ACCEPT_LANGUAGE": "fr",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
    }


def answer(application: Application, asked: dict[str, Any]) -> float:
    """Seconds from the request to the last byte of the page."""
    status: list[str] = []
    began = perf_counter()
    given = application(dict(asked), lambda line, headers, exc=None: status.append(line))
    size = sum(map(len, given))
    given.close()
    took = perf_counter() - began
    if status != ["200 OK"] or not size:
        raise RuntimeError(f"{asked['PATH_INFO']} answered {status}")
    return took


def queries(application: Application, asked: dict[str, Any]) -> int:
    """Statements to both databases, those of transactions included."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    answer(application, asked)  # what a process asks once only has been asked by now
    with (
        CaptureQueriesContext(connections["default"]) as data,
        CaptureQueriesContext(connections["keys"]) as keys,
    ):
        answer(application, asked)
    return len(data) + len(keys)
