"""The console's first page: what needs somebody, then how much there is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seqlense.accounts.models import Account
from seqlense.console import attention
from seqlense.console.doors import OFFICER, PLATFORM, moment, staff
from seqlense.organisations import directory
from seqlense.privacy import retention, running
from seqlense.privacy.records import Hold, RetentionRun


@staff(PLATFORM, OFFICER)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Alarms first; each leads to the page where something can be done."""
    now = moment(request)
    context = {
        "alarms": attention.of(now),
        "last_run": RetentionRun.objects.filter(dry_run=False).order_by("-started_at").first(),
        "accounts": Account.objects.count(),
        "organisations": directory.sizes(),
        "holds": Hold.objects.active(now).count(),
        "due": sum(one.rows for one in retention.forecast(now=now)),
        "register": running.register(),
    }
    return render(request, "console/overview.html", context)
