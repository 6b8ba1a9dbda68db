"""What the site does to every request: times in the viewer's zone, and some answers that take their time."""

import time
import zoneinfo
from collections.abc import Callable
from typing import Final

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

type Handler = Callable[[HttpRequest], HttpResponse]

ZONE: Final = "zone"
"""Session key: name of the signed-in person's time zone."""


def in_the_viewers_zone(get_response: Handler) -> Handler:
    """Times on a page are in the zone that the person set, kept in the session so that nothing asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = request.session.get(ZONE) or "Europe/Paris"
        with timezone.override(zoneinfo.ZoneInfo(name)):
            return get_response(request)

    return middleware


def kept_nowhere(get_response: Handler) -> Handler:
    """What a signed-in person is shown stays in no cache, the browser's included: the next one at that
    machine finds nothing by going back.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if SESSION_KEY in request.session:
            add_never_cache_headers(response)
        return response

    return middleware


def even_pace(get_response: Handler) -> Handler:
    """Hold back an answer that a view wants given at an even pace (`doors.at_even_pace`)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        left = getattr(response, "not_before", 0.0) - time.monotonic()
        if left > 0:
            time.sleep(left)
        return response

    return middleware
