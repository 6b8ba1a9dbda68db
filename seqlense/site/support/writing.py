"""The contact form."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from seqlense.accounts import doors
from seqlense.accounts.models import Account
from seqlense.documents.receiving import Files, takes_files
from seqlense.site.support.forms import Write, WriteWithAddress
from seqlense.site.support.sending import too_large
from seqlense.support import asking
from seqlense.support.attaching import sent as outcome
from seqlense.support.models import Request


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(too_large)
@doors.at_even_pace
def write(request: HttpRequest) -> HttpResponse:
    """Write to us: signed in, straight in; otherwise once the address has answered."""
    account = request.user if isinstance(request.user, Account) else None
    kind = Write if account else WriteWithAddress
    form = kind(request.POST or None, now=doors.moment(request))
    if request.method == "POST" and (made := outcome(request, form, _verb(request, form, account))):
        return _done(request, made, account)
    context = {"form": form, "account": account}
    return render(request, "site/support/write.html", context, status=422 if form.errors else 200)


def _verb(request: HttpRequest, form: Write, account: Account | None) -> Callable[[UUID, Files], Request]:
    now = doors.moment(request)

    def verb(identifier: UUID, files: Files) -> Request:
        if account is not None:
            return asking.ask_signed_in(
                identifier, form.wish(), account=account, files=files.arrived, now=now
            )
        return asking.ask(
            identifier,
            form.wish(),
            address=form.cleaned_data["email"],
            source=doors.place(request).source,
            files=files.arrived,
            now=now,
        )

    return verb


def _done(request: HttpRequest, made: Request, account: Account | None) -> HttpResponse:
    if account is None:
        return redirect("site:write_sent")
    messages.success(request, _("Your request is with us. We answer here, and tell you by mail."))
    return redirect("site:help_request", made.pk)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next; the same for every address."""
    return render(request, "site/support/sent.html")
