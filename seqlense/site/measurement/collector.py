"""Where browsers say which page is seen: a short way to the totals, before sessions and everything else.

It answers nothing, sets no cookie, asks the database nothing. Who objects isn't counted: by the cookie of
`pages`, by Global Privacy Control or Do Not Track, or, signed in, by the objection kept with the account.
"""

import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from seqlense.accounts import sessions
from seqlense.accounts.doors import moment
from seqlense.audience.measurement import hits
from seqlense.audience.measurement.conditions import OBJECTION
from seqlense.audience.measurement.counting import waiting
from seqlense.audience.measurement.hits import Hit
from seqlense.privacy import cookies

type Handler = Callable[[HttpRequest], HttpResponse]

PATH: Final = "/measure"
LARGEST: Final = 8192
NOTHING: Final = 204


def collected(get_response: Handler) -> Handler:
    """Answer what `measure.js` sends; let everything else pass."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return collect(request) if request.path_info == PATH else get_response(request)

    return middleware


def collect(request: HttpRequest) -> HttpResponse:
    """204 whether it counted or not; 405, 403, 413, 422 where what was sent is no hit of one of our pages."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if not _is_ours(request):
        return HttpResponse(status=403)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=413)
    if _objects(request) or hits.is_robot(request.headers.get("User-Agent", "")):
        return HttpResponse(status=NOTHING)
    hit = _read(request)
    if hit is None:
        return HttpResponse(status=422)
    waiting.add(hit, now=moment(request))
    if settings.SEQLENSE_MODE != "test":
        waiting.write_from_now_on()
    return HttpResponse(status=NOTHING)


def _is_ours(request: HttpRequest) -> bool:
    """Whether a page of this site sent it; browsers don't let another site pretend so."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.get_host()


def _objects(request: HttpRequest) -> bool:
    asked = request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1"
    return asked or bool(cookies.read(request, OBJECTION))


def _read(request: HttpRequest) -> Hit | None:
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    page, before = _route(said, "page"), _route(said, "before")
    if page is None or (said.get("before") and before is None):
        return None
    language, country = hits.tongue(request.headers.get("Accept-Language", ""))
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    screen = said.get("screen")
    return Hit(
        page=page,
        before=before,
        source=hits.domain(_text(said, "source")) if before is None else hits.DIRECT,
        language=language,
        country=country,
        screen=screen if screen in hits.SCREENS else hits.OTHER,
        session=sessions.digest(session) if session else None,
    )


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) else ""


def _route(said: dict[str, Any], name: str) -> str | None:
    path = _text(said, name)
    return hits.route(path) if path.startswith("/") else None
