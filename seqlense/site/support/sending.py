"""The answer to what is too large to be read."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TOO_LARGE: Final = 413


def too_large(request: HttpRequest, *_args: object, **_named: object) -> HttpResponse:
    """More than is ever read: nothing was, and the browser still has what was typed."""
    return render(request, "site/support/too_large.html", status=TOO_LARGE)
