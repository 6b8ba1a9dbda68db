"""Every address has a door: public by a mark, or closed to strangers. The console is never public."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.urls.converters import get_converters

SAMPLES: dict[str, object] = {
    "uuid": UUID("018f0000-0000-7000-8000-000000000000"),
    "int": 1,
    "str": "sample",
    "slug": "sample",
    "path": "sample",
}


def addresses(
    patterns: Iterable[URLPattern | URLResolver], namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(full name, pattern) of every page."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield ":".join(filter(None, [namespace, pattern.name])), pattern


def is_public(pattern: URLPattern) -> bool:
    return getattr(pattern.callback, "login_required", True) is False


def _arguments(pattern: URLPattern) -> dict[str, object]:
    kinds = {type(converter): name for name, converter in get_converters().items()}
    return {
        name: SAMPLES.get(kinds.get(type(converter), "str"), "sample")
        for name, converter in pattern.pattern.converters.items()
    }


def nameless(found: Iterable[tuple[str, URLPattern]]) -> list[str]:
    """Addresses that nobody can lead to, or whose name is not in one word style."""
    return [
        f"{name or '?'} ({pattern.pattern})"
        for name, pattern in found
        if not re.fullmatch(r"([a-z]+:)?[a-z0-9_]+", name)
    ]


def open_to_strangers(found: Iterable[tuple[str, URLPattern]], client: Client) -> list[str]:
    """Addresses that don't say that they are public, and don't send a stranger to the sign-in page."""
    sign_in = reverse(settings.LOGIN_URL)
    return [
        name
        for name, pattern in found
        if not is_public(pattern) and not _leads_to(client.get(_address(name, pattern)), sign_in)
    ]


def _address(name: str, pattern: URLPattern) -> str:
    return reverse(name, kwargs=_arguments(pattern))


def _leads_to(response: Any, target: str) -> bool:
    return response.status_code in (301, 302) and str(response.headers["Location"]).startswith(target)


def public_console(found: Iterable[tuple[str, URLPattern]]) -> list[str]:
    return [name for name, pattern in found if name.startswith("console:") and is_public(pattern)]


def test_every_address_has_a_name_and_a_door(client: Client, db: None) -> None:
    found = list(addresses(get_resolver().url_patterns))
    assert found
    assert not nameless(found)
    assert not open_to_strangers(found, client)
    assert not public_console(found)


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def _marked(
    view: Callable[[HttpRequest], HttpResponse], **marks: object
) -> Callable[[HttpRequest], HttpResponse]:
    def marked(request: HttpRequest) -> HttpResponse:
        return view(request)

    for name, value in marks.items():
        setattr(marked, name, value)
    return marked


def test_an_open_door_is_seen(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    public = path("x/", _marked(_page, login_required=False), name="x")
    assert public_console([("console:x", public)]) == ["console:x"]
    assert nameless([("", path("x/", _page))]) == ["? (x/)"]
    client.raise_request_exception = False
    # A page that says it is closed and answers all the same.
    front, pattern = next(
        (name, pattern) for name, pattern in addresses(get_resolver().url_patterns) if name == "site:sign_in"
    )
    closed = path("sign-in/", _page, name="sign_in")
    assert is_public(pattern)
    assert not is_public(closed)
    assert open_to_strangers([(front, closed)], client) == [front]
