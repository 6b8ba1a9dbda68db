"""The groups somebody is in and why; leaving them all is one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts import doors
from seqlense.audience.segments import belonging
from seqlense.audience.segments.models import ACTIVITY
from seqlense.privacy import features, running
from seqlense.site.promotions import standing


@require_safe
@never_cache
def my_groups(request: HttpRequest) -> HttpResponse:
    """Each group, its rule, and one's own values beside it."""
    person, language = doors.person(request).subject_id, get_language() or "fr"
    mine = [
        (one.segment.name_in(language), one.since, one.why)
        for one in belonging.explained(person, now=doors.moment(request))
    ]
    context = {
        "groups": mine,
        "use": standing.use(person, ACTIVITY),
        "activity": running.register().activities[ACTIVITY],
        "features": [one.label for one in features.offered(ACTIVITY).values()],
    }
    return render(request, "site/promotions/my_groups.html", context)


@require_POST
@never_cache
def choice(request: HttpRequest) -> HttpResponse:
    """Leave all of them, which is an objection (GDPR art. 21(2)); or let oneself be grouped again."""
    allowed = request.POST.get("allowed") == "yes"
    standing.choose(
        doors.person(request).subject_id,
        ACTIVITY,
        allowed=allowed,
        actor=doors.actor(request),
        now=doors.moment(request),
    )
    if allowed:
        messages.success(request, _("You may be part of groups again, from the next night on."))
    else:
        messages.success(request, _("You have left all groups, and will be put in no other."))
    return redirect("site:my_groups")
