"""The signed-in home against a bare Django view with the same sessions and one query, through WSGI.

    python -m bench.home [--rounds 300]

The promise: at most 3 times the bare view. Rounds alternate, so that both meet the same machine.
"""

import argparse
import statistics
import sys
from collections.abc import Callable
from typing import Any

from bench.product import Visitor, organisation, person, product, signed_in
from bench.report import at_most, report, told
from bench.requests import Application, answer, queries, request

FULL = ("--rounds 300",)
QUICK = ("--rounds 5",)
MOST = 3.0
WARM = 5
BARE = ["bench.home.on_bare_urls", "django.contrib.sessions.middleware.SessionMiddleware"]


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
    page, view = request("/fr/home/", visitor), request("/bare/", visitor)
    for _ in range(WARM):
        answer(application, page)
        answer(plain, view)
    pages: list[float] = []
    views: list[float] = []
    for _ in range(rounds):
        pages.append(answer(application, page))
        views.append(answer(plain, view))
    home, floor = statistics.median(pages) * 1000, statistics.median(views) * 1000
    return report(
        [
            told("bare view: session and one query", floor, "ms", places=2),
            told("signed-in home", home, "ms", places=2),
            at_most("home to bare view", home / floor, MOST, "×"),
            told("statements of the bare view", queries(plain, view), places=0),
            told("statements of the home", queries(application, page), places=0),
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

    def middleware(asked: Any) -> Any:
        asked.urlconf = "bench.home"
        return get_response(asked)

    return middleware


def bare(asked: Any) -> Any:
    from django.contrib.auth import SESSION_KEY
    from django.http import HttpResponse

    from seqlense.accounts.models import Account

    account = Account.objects.get(pk=asked.session[SESSION_KEY])
    return HttpResponse(f"<!doctype html><title>bare</title><p>Since {account.created_at:%Y-%m-%d}")


def __getattr__(name: str) -> Any:
    """`urlpatterns`, once Django is set up."""
    if name == "urlpatterns":
        from django.urls import path

        return [path("bare/", bare)]
    raise AttributeError(name)


if __name__ == "__main__":
    sys.exit(main())
