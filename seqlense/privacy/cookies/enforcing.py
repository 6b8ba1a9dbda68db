"""No cookie leaves that cookies.yaml doesn't declare, or with other attributes than it declares.

The middleware stands outermost, so that what pages, other middleware and error pages set all comes by here.
One that rests on consent leaves only for a visitor who gave it, and ends its lifetime after the yes at most,
however often it is set again.
While developing and in tests it refuses; in production it drops the cookie and raises an alarm: a page
without a cookie is better than no page.
"""

import functools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.cookies import Morsel
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from seqlense.kit import clock
from seqlense.kit.periods import Period
from seqlense.privacy.cookies import consented, declared, dropped
from seqlense.privacy.cookies.declared import Undeclared
from seqlense.register import Cookie

HEADER: Final = "Set-Cookie"
STARTS: Final = tuple(
    datetime(year, month, 1, tzinfo=UTC) for year in range(2020, 2024) for month in range(1, 13)
)


def enforced(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, the first of all. A response without a cookie costs two look-ups in empty dictionaries."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.cookies or HEADER in response.headers:
            _judge(request, response)
        return response

    return middleware


def _judge(request: HttpRequest, response: HttpResponseBase) -> None:
    for refused in list(faults(request, response)):
        if getattr(settings, "SEQLENSE_STRICT_COOKIES", settings.DEBUG):
            raise refused
        response.cookies.pop(refused.cookie, None)
        if refused.fault == _BY_HAND:
            del response.headers[HEADER]
        dropped.note(refused.cookie, now=getattr(request, "now", None) or clock.now())
    for name, morsel in response.cookies.items():
        one = declared.known(_bare(name))
        if one.consent_purpose is not None and morsel["max-age"]:
            _end_in_time(one, morsel, request)


def _end_in_time(one: Cookie, morsel: Morsel[str], request: HttpRequest) -> None:
    """Shorten one that rests on consent: its time runs from the yes."""
    agreed, now = consented.agreed_at(one, request), getattr(request, "now", None)
    if agreed is None or now is None:  # it only ends
        return
    left = consented.seconds_left(one, agreed, now=now)
    if int(morsel["max-age"]) > left:
        morsel["max-age"] = left
        morsel["expires"] = http_date(now.timestamp() + left)


_BY_HAND: Final = "is written into the header by hand: set it by cookies.put."


def faults(request: HttpRequest, response: HttpResponseBase) -> Iterator[Undeclared]:
    """Every cookie of that response that isn't as declared."""
    if HEADER in response.headers:
        yield Undeclared(response.headers[HEADER].partition("=")[0].strip(), _BY_HAND)
    for name, morsel in response.cookies.items():
        try:
            fault = _fault(name, morsel, request)
        except Undeclared as refused:
            yield refused
        else:
            if fault:
                yield Undeclared(name, fault)


def _bare(name: str) -> str:
    return name.removeprefix("__Host-").removeprefix("__Secure-")


def _fault(name: str, morsel: Morsel[str], request: HttpRequest) -> str:
    """What is wrong with it; "" for nothing. Raises Undeclared for a name that isn't in use."""
    bare = _bare(name)
    ending = str(morsel["max-age"]) == "0"
    try:
        one = declared.known(bare) if ending else declared.in_use(bare)
    except Undeclared as refused:
        raise Undeclared(name, refused.fault) from None
    if name != (rightly := declared.on_this_site(one)):
        return f"is called {rightly!r} on this site."
    if one.consent_purpose and not ending and consented.agreed_at(one, request) is None:
        return f"rests on the consent {one.consent_purpose!r}, which this visitor hasn't given."
    wrong = [attribute for attribute, as_declared in _attributes(one, morsel, ending) if not as_declared]
    return f"is set with another {' and '.join(wrong)} than declared: set it by cookies.put." if wrong else ""


def _attributes(one: Cookie, morsel: Morsel[str], ending: bool) -> Iterator[tuple[str, bool]]:
    yield "path", morsel["path"] == one.path
    yield "domain", not morsel["domain"]
    if ending:  # a cookie that ends carries nothing: how it is guarded no longer matters
        return
    yield "Secure", bool(morsel["secure"]) == declared.is_secure()
    yield "HttpOnly", bool(morsel["httponly"]) != one.readable
    yield "SameSite", str(morsel["samesite"]).lower() == one.same_site
    yield "Partitioned", not morsel.get("partitioned")
    yield "lifetime", _ends_in_time(one, str(morsel["max-age"]), str(morsel["expires"]))


def _ends_in_time(one: Cookie, max_age: str, expires: str) -> bool:
    if not max_age:
        return not expires  # until the browser is closed; a bare date would hide how long it lives
    return one.lifetime is not None and max_age.isdigit() and int(max_age) <= at_most(one.lifetime)


@functools.cache
def at_most(period: Period) -> int:
    """Seconds of the longest time that the period can be: thirteen months have 397 days at most."""
    return max(int((period.add_to(start) - start).total_seconds()) for start in STARTS)
