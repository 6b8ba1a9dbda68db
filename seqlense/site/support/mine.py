"""The requests of somebody signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seqlense.accounts import doors
from seqlense.documents.receiving import takes_files
from seqlense.site.support import talk
from seqlense.site.support.sending import too_large
from seqlense.support import doors as room
from seqlense.support import queries
from seqlense.support.errors import NotFound
from seqlense.support.models import Request

type Page = Callable[..., HttpResponseBase]


def owned(view: Page) -> Page:
    """The view is called with the person's own request; another's is as good as none."""

    @wraps(view)
    def opened(request: HttpRequest, request_id: UUID, **named: Any) -> HttpResponseBase:
        try:
            found = room.own(request_id, doors.person(request).subject_id)
            return view(request, found, way(request_id), **named)
        except NotFound:
            raise Http404 from None

    return opened


def way(request_id: UUID) -> talk.Way:
    return talk.Way(
        here=reverse("site:help_request", args=[request_id]),
        close=reverse("site:help_close", args=[request_id]),
        file_url="site:help_file",
    )


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """All of them, the latest first."""
    return render(
        request, "site/support/list.html", {"requests": queries.own(doors.person(request).subject_id)}
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@owned
@takes_files(too_large)
def conversation(request: HttpRequest, found: Request, back: talk.Way) -> HttpResponseBase:
    """What was said; more can be."""
    return talk.page(request, found, back)


@require_POST
@owned
def close(request: HttpRequest, found: Request, back: talk.Way) -> HttpResponseBase:
    """It is settled."""
    return talk.closed(request, found, back)


@require_safe
@owned
def download(request: HttpRequest, found: Request, back: talk.Way, file: UUID) -> HttpResponseBase:
    """A file of the conversation."""
    return talk.file(request, found, file, back)
