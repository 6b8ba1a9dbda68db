"""A conversation by the link that a mail brought, without an account."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seqlense.accounts import doors
from seqlense.documents.receiving import takes_files
from seqlense.site.support import talk
from seqlense.site.support.confirming import holder, refused_link
from seqlense.site.support.sending import too_large
from seqlense.support import asking, words
from seqlense.support.doors import by_link
from seqlense.support.errors import LinkRefused, NotFound, TooMany
from seqlense.support.models import Request

type Page = Callable[..., HttpResponseBase]


def linked(view: Page) -> Page:
    """The view is called with the request that the link leads to, and the way back."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, **named: Any) -> HttpResponseBase:
        try:
            found = by_link(token, holder=holder(request), now=doors.moment(request))
            return view(request, found, way(token), **named)
        except LinkRefused as refused:
            return refused_link(request, refused, token)
        except NotFound:
            raise Http404 from None

    return opened


def way(token: str) -> talk.Way:
    return talk.Way(
        here=reverse("site:conversation", args=[token]),
        close=reverse("site:conversation_close", args=[token]),
        file_url="site:conversation_file",
        token=token,
    )


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@linked
@takes_files(too_large)
def conversation(request: HttpRequest, found: Request, back: talk.Way) -> HttpResponseBase:
    """What was said; more can be."""
    return talk.page(request, found, back)


@login_not_required
@require_POST
@linked
def close(request: HttpRequest, found: Request, back: talk.Way) -> HttpResponseBase:
    """It is settled."""
    return talk.closed(request, found, back)


@login_not_required
@never_cache
@require_safe
@linked
def download(request: HttpRequest, found: Request, back: talk.Way, file: UUID) -> HttpResponseBase:
    """A file of the conversation."""
    return talk.file(request, found, file, back)


@login_not_required
@require_POST
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Send a link anew, to the address that the old one went to."""
    problem = ""
    try:
        asking.link_again(token, now=doors.moment(request))
    except LinkRefused as refused:
        return refused_link(request, refused, token)
    except TooMany as wait:
        problem = words.of(wait)
    context = {"problem": problem}
    return render(request, "site/support/link_sent.html", context, status=429 if problem else 200)
