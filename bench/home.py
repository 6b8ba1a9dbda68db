"""The signed-in home against a bare Django view with the same sessions and one query, through WSGI.

    python -m bench.home [--rounds 300]

The promise: at most 3 times the bare view. Rounds alternate, so that both meet the same machine.
"""

import argparse
import statistics
import sys
from collections.abc import Callable
from io import BytesIO
from time import perf_counter
from typing import Any

from bench.product import HOST, Visitor, organisation, person, product, signed_in
from bench.report import at_most, report, told

FULL = ("--rounds 300",)
QUICK = ("--rounds 5",)
MOST = 3.0
WARM = 5
BARE = ["bench.home.on_bare_urls", "django.contrib.sessions.middleware.SessionMiddleware"]

type Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    with product():
        ada = signed_in(person(0))
        for number in range(3):
            organisation(ada.account, 4, f"Atelier {number}", first=10 * (number + 1))
        return _measure(ada, rounds)


def _measure(visitor: Visitor, rounds: int) -> int:
    from seqlense.project.wsgi import application

    plain = _bare()
    page, view = _request("/fr/home/", visitor), _request("/bare/", visitor)
    for _ in range(WARM):
        _answer(application, page)
        _answer(plain, view)
    pages: list[float] = []
    views: list[float] = []
    for _ in range(rounds):
        pages.append(_answer(application, page))
        views.append(_answer(plain, view))
    home, floor = statistics.median(pages) * 1000, statistics.median(views) * 1000
    return report(
        [
            told("bare view: session, signed-in person, one query", floor, "ms", places=2),
            told("signed-in home", home, "ms", places=2),
            at_most("home to bare view", home / floor, MOST, "×"),
            told("queries of the bare view", _queries(plain, view)),
            told("queries of the home", _queries(application, page)),
        ]
    )


def _bare() -> Application:
    """Django as it comes, on the same database and sessions: one row of whoever is in the session, a line."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test.utils import override_settings

    with override_settings(MIDDLEWARE=BARE):
        return WSGIHandler()


def on_bare_urls(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: the bare handler has addresses of its own."""

    def middleware(request: Any) -> Any:
        request.urlconf = "bench.home"
        return get_response(request)

    return middleware


def bare(request: Any) -> Any:
    from django.contrib.auth import SESSION_KEY
    from django.http import HttpResponse

    from seqlense.accounts.models import Account

    account = Account.objects.get(pk=request.session[SESSION_KEY])
    return HttpResponse(f"<!doctype html><title>bare</title><p>Since {account.created_at:%Y-%m-%d}")


def __getattr__(name: str) -> Any:
    """`urlpatterns`, once Django is set up."""
    if name == "urlpatterns":
        from django.urls import path

        return [path("bare/", bare)]
    raise AttributeError(name)


def _request(path: str, visitor: Visitor) -> dict[str, Any]:
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


def _answer(application: Application, environ: dict[str, Any]) -> float:
    """Seconds from the request to the last byte of the page."""
    status: list[str] = []
    began = perf_counter()
    answer = application(dict(environ), lambda line, headers, exc=None: status.append(line))
    size = sum(map(len, answer))
    answer.close()
    took = perf_counter() - began
    if status != ["200 OK"] or not size:
        raise RuntimeError(f"{environ['PATH_INFO']} answered {status}")
    return took


def _queries(application: Application, environ: dict[str, Any]) -> int:
    """Statements to both databases, transactions' own included."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    with (
        CaptureQueriesContext(connections["default"]) as data,
        CaptureQueriesContext(connections["keys"]) as keys,
    ):
        _answer(application, environ)
    return len(data) + len(keys)


if __name__ == "__main__":
    sys.exit(main())
