"""How visits are counted, and one click not to be among them; with or without an account."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts.doors import actor, moment
from seqlense.accounts.models import Account
from seqlense.audience.measurement import objecting
from seqlense.audience.measurement.conditions import OBJECTION
from seqlense.audience.measurement.counting import ACTIVITY
from seqlense.privacy import cookies, running


@require_safe
@login_not_required
@never_cache
def measurement(request: HttpRequest) -> HttpResponse:
    """What is counted, what never is, and the choice."""
    who = request.user
    context = {
        "activity": running.register().activities[ACTIVITY],
        "here": bool(cookies.read(request, OBJECTION)),
        "everywhere": isinstance(who, Account) and objecting.objects(who.subject_id),
        "by_signal": request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1",
    }
    return render(request, "site/measurement/measurement.html", context)


@require_POST
@login_not_required
def change_measurement(request: HttpRequest) -> HttpResponse:
    """Object, or take it back: for this browser, and for the account on every device where one is open."""
    now, response = moment(request), redirect("site:measurement")
    counted = request.POST.get("counted") == "yes"
    if counted:
        cookies.drop(response, OBJECTION)
    else:
        cookies.put(response, OBJECTION, "1", now=now)
    if isinstance(request.user, Account):
        change = objecting.take_back if counted else objecting.object_to
        change(request.user.subject_id, actor=actor(request), now=now)
    return response
