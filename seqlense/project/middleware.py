"""What every request carries."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from seqlense.kit import clock
from seqlense.privacy import switches
from seqlense.project.restored.gate import restore_lock
from seqlense.site.consent import endpoint

type Handler = Callable[[HttpRequest], HttpResponse]


def request_moment(get_response: Handler) -> Handler:
    """Read the clock once: `request.now` is the moment of everything this request does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]  # views read it by `doors.moment`
        return get_response(request)

    return middleware


def visitors_address(get_response: Handler) -> Handler:
    """Behind a proxy, `REMOTE_ADDR` becomes the visitor's own address, as the trusted proxies saw it.

    Attempts are counted by it: were it the proxy's, one guesser would use up everybody's. Of
    `X-Forwarded-For` only what trusted machines wrote counts, from the right; the rest anyone can invent.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        seen = request.META.get("REMOTE_ADDR", "")
        for claimed in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if not _is_ours(seen) or _address(claimed.strip()) is None:
                break
            seen = claimed.strip()
        request.META["REMOTE_ADDR"] = seen
        return get_response(request)

    return middleware


def choices_first(get_response: Handler) -> Handler:
    """A visitor's choice on outside services is answered before all else: nothing but what it needs runs.

    Somebody with a session goes the ordinary way, as their choice may be theirs on other browsers too.
    """
    try:
        guarded = restore_lock(endpoint.visitors)
    except MiddlewareNotUsed:
        guarded = endpoint.visitors
    short = request_moment(visitors_address(guarded))

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == endpoint.PATH and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return short(request)
        return get_response(request)

    return middleware


def limits_of_others(get_response: Handler) -> Handler:
    """Whoever is signed in reads their own data; of others, not what those had limited (GDPR art. 18)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with switches.reading(lambda: getattr(request.user, "subject_id", None)):
            return get_response(request)

    return middleware


def _is_ours(text: str) -> bool:
    """A trusted proxy's; none at all means a Unix socket, which the machine's own files guard."""
    if not text:
        return True
    address = _address(text)
    return address is not None and any(address in network for network in settings.SEQLENSE_TRUSTED_PROXIES)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
