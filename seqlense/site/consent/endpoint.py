"""Where the panel sends a choice: POST /consent/, the one address that is answered before all else.

A visitor's choice passes no session, no language, no view: it is checked, written in one statement, and
answered. Somebody with a session goes the ordinary way, as their choice may be theirs on other browsers too.
"""

import logging
import math
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from seqlense.accounts import throttling
from seqlense.accounts.doors import moment
from seqlense.privacy.consent import choices, sharing
from seqlense.privacy.consent.choosing import Wish, choose
from seqlense.privacy.consent.errors import ConsentRefused
from seqlense.site.consent import cookies
from seqlense.site.consent.pace import pace

PATH: Final = "/consent/"
LONGEST: Final = 4096
"""Bytes that a choice may have."""
HEADERS: Final = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
logger = logging.getLogger(__name__)


def visitors(request: HttpRequest) -> HttpResponse:
    """A choice of somebody without a session."""
    try:
        return answered(request, None)
    except (DatabaseError, InterfaceError):
        logger.warning("A choice could not be written: the database doesn't answer.")
        return _refused(503, "unavailable")


@csrf_exempt
@login_not_required
def decide(request: HttpRequest) -> HttpResponse:
    """A choice of somebody with a session."""
    subject = getattr(request.user, "subject_id", None)
    return answered(request, subject if subject is not None and sharing.shares(subject) else None)


def answered(request: HttpRequest, subject: UUID | None) -> HttpResponse:
    """Check a choice, write it, hand out its receipt. subject: whose it is, where they share it.

    From elsewhere it is refused by what the browser says of its origin, so that the pages it comes from need
    no token and may be kept in caches. The codes: method, foreign, size, type, malformed, unknown-service,
    unknown-display, too-many, unavailable.
    """
    if request.method != "POST":
        response = _refused(405, "method")
        response["Allow"] = "POST"
        return response
    if not _from_here(request):
        return _refused(403, "foreign")
    if request.content_type != "application/json":
        return _refused(415, "type")
    sent = _body(request)
    if sent is None:
        return _refused(413, "size")
    place = request.META.get("REMOTE_ADDR", "")
    wait = pace.take(throttling.source(place) if ":" in place else place, now=moment(request))
    if wait:
        response = _refused(429, "too-many")
        response["Retry-After"] = str(math.ceil(wait))
        return response
    return _written(request, sent, subject)


def _written(request: HttpRequest, sent: bytes, subject: UUID | None) -> HttpResponse:
    now = moment(request)
    before = choices.kept(request, now=now)
    try:
        wish = Wish.read(sent, signalled=request.META.get("HTTP_SEC_GPC") == "1")
    except ConsentRefused as refused:
        return _refused(422, refused.code)
    made = choose(wish, before=before, subject=subject, now=now)
    answer = f'{{"receipt": "{made.receipt}"}}'.encode()
    response = HttpResponse(answer, headers={**HEADERS, "Content-Length": str(len(answer))})
    cookies.remember(response, made, asked=request)
    return response


def _from_here(request: HttpRequest) -> bool:
    """Whether one of our own pages sent it (Fetch Metadata; RFC 6454 for browsers without)."""
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site is not None and site != "same-origin":
        return False
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None:
        return site is not None
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    scheme = "https" if request.is_secure() else "http"
    return origin == f"{scheme}://{request.get_host()}" and bool(urlsplit(origin).netloc)


def _body(request: HttpRequest) -> bytes | None:
    """What was sent; None if it is too long, or didn't arrive."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
            return None
        sent = request.read(LONGEST + 1)
    except (ValueError, UnreadablePostError, RawPostDataException):
        return None
    return sent if len(sent) <= LONGEST else None


def _refused(status: int, code: str) -> HttpResponse:
    return HttpResponse(f'{{"code": "{code}"}}', status=status, headers=HEADERS)
