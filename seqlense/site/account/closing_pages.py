"""Closing one's account: first what goes and what stays, then the act."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seqlense.accounts import closing
from seqlense.site import doors


@never_cache
@doors.recently_confirmed
def close_account(request: HttpRequest) -> HttpResponse:
    """Show the consequences item by item; close on the person's word."""
    account, now = doors.person(request), doors.moment(request)
    if request.method == "POST" and "close" in request.POST:
        closing.close(account, actor=doors.actor(request), now=now)
        logout(request)
        return redirect("site:account_closed")
    decision = closing.preview(account, now=now)
    context = {
        "erased": [item for item in decision.items if item.outcome == "erased"],
        "kept": [item for item in decision.items if item.outcome == "kept"],
    }
    return render(request, "site/account/close.html", context)


@login_not_required
@require_safe
def account_closed(request: HttpRequest) -> HttpResponse:
    """It is done."""
    return render(request, "site/account/closed.html")
