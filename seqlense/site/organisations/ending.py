"""Closing an organisation, and opening it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from seqlense.accounts.doors import recently_confirmed
from seqlense.organisations import closing, queries
from seqlense.organisations.errors import ChangedMeanwhile
from seqlense.organisations.roles import Permission
from seqlense.site.organisations import words
from seqlense.site.organisations.doors import Here, member
from seqlense.site.organisations.forms import Seen


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CLOSE)
@recently_confirmed
def close(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what closing does and when; then close."""
    form = Seen(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(
                here.organisation.pk, seen=form.cleaned_data["seen"], actor=here.actor, now=here.now
            )
        except ChangedMeanwhile as refused:
            problem = words.of(refused)
        else:
            messages.success(
                request, _("The organisation is closed. You can open it again until the date shown.")
            )
            return redirect("site:organisation", here.organisation.pk)
    context = {
        "here": here,
        "problem": problem,
        "erases_at": closing.REGRET.add_to(here.now),
        "counts": queries.counts(here.organisation, now=here.now),
    }
    return render(request, "site/organisations/close.html", context, status=409 if problem else 200)


@require_POST
@member(Permission.CLOSE, closed=True)
@recently_confirmed
def reopen(request: HttpRequest, here: Here) -> HttpResponse:
    """Open a closed organisation again."""
    closing.reopen(here.organisation.pk, actor=here.actor, now=here.now)
    messages.success(request, _("The organisation is open again, with its members and their roles."))
    return redirect("site:organisation", here.organisation.pk)
