"""Closing one's account: first what goes and what stays, then the act."""

from collections.abc import Iterable

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seqlense.accounts import closing, doors
from seqlense.organisations import succession
from seqlense.privacy import running
from seqlense.privacy.erasure.decision import ItemOutcome
from seqlense.register import Activity
from seqlense.site.proofs import farewell


@never_cache
@doors.recently_confirmed
def close_account(request: HttpRequest) -> HttpResponse:
    """Show the consequences item by item; close on the person's word."""
    account, now = doors.person(request), doors.moment(request)
    if request.method == "POST" and "close" in request.POST:
        decision = closing.close(account, actor=doors.actor(request), now=now)
        logout(request)
        response = redirect("site:account_closed")
        farewell.offer(response, decision, now=now)
        return response
    preview = closing.preview(account, now=now)
    context = {
        "erased": by_activity(preview.erased),
        "kept": by_activity(preview.kept),
        "fates": succession.fates(account.subject_id),
    }
    return render(request, "site/account/close.html", context)


def by_activity(outcomes: Iterable[ItemOutcome]) -> list[tuple[Activity, list[ItemOutcome]]]:
    """Outcomes of an erasure under the activities that they belong to."""
    found: dict[str, list[ItemOutcome]] = {}
    for one in outcomes:
        found.setdefault(one.item.split(".")[0], []).append(one)
    activities = running.register().activities
    return [(activities[identifier], items) for identifier, items in found.items()]


@login_not_required
@require_safe
@never_cache
def account_closed(request: HttpRequest) -> HttpResponse:
    """It is done; for a while, the proof of it can be taken."""
    return render(request, "site/account/closed.html", {"provable": farewell.opening(request) is not None})
