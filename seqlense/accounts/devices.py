"""What a browser is called on the page of sessions, and the token by which a known one is recognised."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse

from seqlense.accounts import digests
from seqlense.privacy import cookies

COOKIE: Final = "known-device"

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)


_at_hand: ContextVar[str] = ContextVar("device", default="")


def noticed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whatever a request does to its person's safety is told with the browser it came from."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _at_hand.set(label(request.headers.get("User-Agent", "")))
        try:
            return get_response(request)
        finally:
            _at_hand.reset(token)

    return middleware


def at_hand() -> str:
    """Label of the browser whose request is being answered; empty where none is."""
    return _at_hand.get()


def label(user_agent: str) -> str:
    """ "Firefox, Windows": browser and system only, never the whole header. Empty if neither is known."""
    browser = next((name for mark, name in BROWSERS if f"{mark}/" in user_agent), "")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    return ", ".join(part for part in (browser, system) if part)


def remember(address: str, *, now: datetime) -> str:
    """A cookie value that says "this browser signed in with that address", readable and usable for nothing
    else.
    """
    until = str(int((cookies.ends(COOKIE, now=now) or now).timestamp()))
    return f"{until}.{digests.mac('device', address, until).hex()}"


def known(cookie: str | None, address: str, *, now: datetime) -> bool:
    """Whether that browser signed in with that address before."""
    until, _, mac = (cookie or "").partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 12 and int(until) > now.timestamp()):
        return False
    return digests.same(
        mac.encode(), lambda key: digests.mac("device", address, until, key=key).hex().encode()
    )
