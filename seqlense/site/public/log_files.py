"""The transparency log for the outside: its files at `/log/…`, as C2SP tlog-tiles wants them served.

Nothing else of the folder is: its journal names people by their opaque ids.
"""

import re
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from seqlense.privacy.log import place, tiles
from seqlense.privacy.log.errors import LogError

A_YEAR: Final = 31_536_000
BYTES: Final = "application/octet-stream"
SEEN: Final = re.compile(
    r"timestamps/(\d{4}-\d\d-\d\d\.(checkpoint|tsr)|authority\.pem)|cosignatures/[0-9a-f]{8}"
)


@require_safe
@login_not_required
@non_atomic_requests
@cache_control(public=True, max_age=2)
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The signed head; it changes with every entry."""
    try:
        note = place.files().checkpoint() if place.folder() else None
    except LogError:
        note = None
    if note is None:
        raise Http404
    return HttpResponse(note, content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@non_atomic_requests
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def tile(request: HttpRequest, name: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries; whatever stands at such a path stays as it is."""
    folder, asked = place.folder(), f"tile/{name}"
    if folder is None or not tiles.is_path(asked):
        raise Http404
    try:
        content = (folder / asked).read_bytes()
    except OSError:
        raise Http404 from None
    return HttpResponse(content, content_type=BYTES)


@require_safe
@login_not_required
@non_atomic_requests
@cache_control(public=True, max_age=600)
def seen(request: HttpRequest, name: str) -> HttpResponse:
    """What timestamp authorities and witnesses said about the log."""
    folder = place.folder()
    if folder is None or not SEEN.fullmatch(name):
        raise Http404
    try:
        content = (folder / name).read_bytes()
    except OSError:
        raise Http404 from None
    return HttpResponse(content, content_type=BYTES)


@require_safe
@login_not_required
@non_atomic_requests
@cache_control(public=True, max_age=3600)
def key(request: HttpRequest) -> HttpResponse:
    """The key by which the log's signatures are checked, as verifiers want it written."""
    try:
        verifier = place.verifier()
    except LogError:
        raise Http404 from None
    return HttpResponse(f"{verifier}\n", content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("log/checkpoint", checkpoint, name="log_checkpoint"),
    path("log/key", key, name="log_key"),
    path("log/tile/<path:name>", tile, name="log_tile"),
    path("log/<path:name>", seen, name="log_seen"),
]
