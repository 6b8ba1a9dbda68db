"""What staff do with a campaign: try it out, approve, schedule, start, stop, go on, close, throw away."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from seqlense.audience.newsletter import campaigns
from seqlense.audience.newsletter.errors import ChangedMeanwhile, NotNow
from seqlense.audience.newsletter.models import Campaign
from seqlense.console.campaigns import words
from seqlense.console.doors import PLATFORM, actor, moment, person, staff

type Said = str | Promise


@staff(PLATFORM)
@require_POST
def act(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """One of the acts below, by the button that was pressed."""
    do = ACTS.get(request.POST.get("act", ""))
    if do is None or not Campaign.objects.filter(pk=campaign).exists():
        raise Http404
    try:
        messages.success(request, str(do(request, campaign)))
    except (NotNow, ChangedMeanwhile) as refused:
        messages.error(request, str(words.REFUSALS[refused.code]))
    if do is _discard and not Campaign.objects.filter(pk=campaign).exists():
        return redirect("console:campaigns")
    return redirect("console:campaign", campaign)


def _try_out(request: HttpRequest, campaign: UUID) -> Said:
    campaigns.try_out(
        campaign,
        account=person(request),
        language=request.POST.get("language", ""),
        actor=actor(request),
        now=moment(request),
    )
    return _("A test is on its way to you, and to nobody else.")


def _approve(request: HttpRequest, campaign: UUID) -> Said:
    campaigns.approve(campaign, seen=_seen(request), actor=actor(request), now=moment(request))
    return _("Approved. It can be sent now.")


def _schedule(request: HttpRequest, campaign: UUID) -> Said:
    at = _moment(request.POST.get("at", ""))
    campaigns.schedule(campaign, at=at, seen=_seen(request), actor=actor(request), now=moment(request))
    return _("It starts by itself at that moment.")


def _unschedule(request: HttpRequest, campaign: UUID) -> Said:
    campaigns.unschedule(campaign, actor=actor(request), now=moment(request))
    return _("It is a draft again, and starts no more by itself.")


def _start(request: HttpRequest, campaign: UUID) -> Said:
    campaigns.start(campaign, seen=_seen(request), actor=actor(request), now=moment(request))
    return _("It is being sent. You can stop it at any time.")


def _stop(request: HttpRequest, campaign: UUID) -> Said:
    campaigns.stop(campaign, actor=actor(request), now=moment(request))
    return _("Stopped. What waited was called back; those who have it won't get it again.")


def _go_on(request: HttpRequest, campaign: UUID) -> Said:
    campaigns.go_on(campaign, actor=actor(request), now=moment(request))
    return _("It goes on with those who haven't got it.")


def _close(request: HttpRequest, campaign: UUID) -> Said:
    campaigns.close(campaign, actor=actor(request), now=moment(request))
    return _("Closed. Who got it is forgotten; how many did is kept.")


def _discard(request: HttpRequest, campaign: UUID) -> Said:
    campaigns.discard(campaign, actor=actor(request), now=moment(request))
    return _("The draft is gone.")


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _moment(text: str) -> datetime:
    """As a browser writes it, in the zone that pages are shown in. Raises NotNow."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise NotNow("newsletter.campaign.moment")
    return timezone.make_aware(found) if timezone.is_naive(found) else found


ACTS: Final[dict[str, Callable[[HttpRequest, UUID], Said]]] = {
    "try": _try_out,
    "approve": _approve,
    "schedule": _schedule,
    "unschedule": _unschedule,
    "start": _start,
    "stop": _stop,
    "go-on": _go_on,
    "close": _close,
    "discard": _discard,
}
