"""The self-assessment: may visits be counted without asking? Each condition, and what the system shows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seqlense.audience.measurement import conditions
from seqlense.console.doors import OFFICER, PLATFORM, moment, staff
from seqlense.console.visits.wording import told
from seqlense.privacy import running


@staff(PLATFORM, OFFICER)
@require_safe
def assessment_page(request: HttpRequest) -> HttpResponse:
    """Judged at this moment, from the running register and the tables as they are."""
    now = moment(request)
    found = [told(one) for one in conditions.assess(now=now)]
    context = {
        "now": now,
        "conditions": found,
        "failing": sum(not one.kept for one in found),
        "version": running.register().version,
        "controller": running.register().controller,
    }
    return render(request, "console/visits/assessment.html", context)
