"""The link by which an address proves itself. Opening it shows a page: mail scanners open every link."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from seqlense.accounts import doors
from seqlense.accounts.models import Account
from seqlense.support import asking, links
from seqlense.support.doors import to_confirm
from seqlense.support.errors import LinkRefused

STATUS: Final = {"support.link.forged": 404, "support.link.foreign": 403}


def holder(request: HttpRequest) -> UUID | None:
    """Who is signed in, if anybody."""
    return request.user.subject_id if isinstance(request.user, Account) else None


def refused_link(request: HttpRequest, refused: LinkRefused, token: str) -> HttpResponse:
    """Each way in which a link leads nowhere: what happened, what to do."""
    context = {"how": refused.code.rpartition(".")[2], "token": token}
    status = STATUS.get(refused.code, 410)
    return render(request, "site/support/link_refused.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What is about to be confirmed; the button confirms."""
    now = doors.moment(request)
    try:
        if request.method != "POST":
            found = to_confirm(token, holder=holder(request), now=now)
            return render(request, "site/support/confirm.html", {"found": found})
        found = asking.confirm(token, holder=holder(request), now=now)
    except LinkRefused as refused:
        return refused_link(request, refused, token="")
    messages.success(request, _("Confirmed. Your request is with us; we tell you by mail when we answer."))
    if holder(request) is not None:
        return redirect("site:help_request", found.pk)
    return redirect("site:conversation", links.token("conversation", found.pk, now=now))
