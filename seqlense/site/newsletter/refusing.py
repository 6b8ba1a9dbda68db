"""Links that lead nowhere: what happened, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from seqlense.audience.newsletter.errors import LinkRefused


def refused(request: HttpRequest, error: LinkRefused) -> HttpResponse:
    """404 for a link that we didn't make, 410 for one that is over."""
    how = error.code.rpartition(".")[2]
    return render(
        request, "site/newsletter/link_refused.html", {"how": how}, status=410 if how == "over" else 404
    )
