"""A person asks why a promotion is shown, follows it, or puts it away."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts import doors
from seqlense.audience.promotions import prose, reactions, showing
from seqlense.audience.promotions.models import Promotion, Reaction
from seqlense.site.promotions.cards import AWAY, MOST_AWAY, drawn


@require_safe
@never_cache
def why(request: HttpRequest, promotion: UUID) -> HttpResponse:
    """The rule, and the very data that it was compared with."""
    person, now = doors.person(request).subject_id, doors.moment(request)
    try:
        found = showing.why(person, promotion, away=request.session.get(AWAY, ()), now=now)
    except Promotion.DoesNotExist:
        raise Http404 from None
    language = get_language() or "fr"
    shown = drawn(found.this.promotion, personal=found.this.fits, language=language)
    context = {
        "why": found,
        "shown": shown,
        "this": _named(found.this, language),
        "others": [_named(one, language) for one in found.others],
    }
    return render(request, "site/promotions/why.html", context)


@dataclass(frozen=True)
class Named:
    """What was compared, with the names of the promotion and of its group."""

    compared: showing.Compared
    title: str
    group: str


def _named(one: showing.Compared, language: str) -> Named:
    group = one.segment.name_in(language) if one.segment else ""
    return Named(one, one.promotion.title_in(language), group)


@require_safe
@never_cache
def open_link(request: HttpRequest, promotion: UUID) -> HttpResponse:
    """On to where it leads; that it was opened is kept where the person agreed."""
    found = _running(request, promotion)
    person, now = doors.person(request).subject_id, doors.moment(request)
    reactions.remember(person, found.pk, Reaction.Kind.OPENED, now=now)
    response = HttpResponseRedirect(prose.target(found.link, get_language() or "fr"))
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@never_cache
def put_away(request: HttpRequest, promotion: UUID) -> HttpResponse:
    """For good where the person agreed that it is remembered; else for as long as they stay signed in."""
    found = _running(request, promotion)
    person, now = doors.person(request).subject_id, doors.moment(request)
    if reactions.remember(person, found.pk, Reaction.Kind.PUT_AWAY, now=now):
        messages.success(request, _("Put away: this promotion won’t be shown to you again."))
    else:
        away = [one for one in request.session.get(AWAY, ()) if one != str(found.pk)]
        request.session[AWAY] = [*away, str(found.pk)][-MOST_AWAY:]
        messages.success(request, _("Put away until you next sign in: we remember nothing about it."))
    return redirect(doors.next_of(request))


def _running(request: HttpRequest, promotion: UUID) -> Promotion:
    try:
        return reactions.running(promotion, now=doors.moment(request))
    except Promotion.DoesNotExist:
        raise Http404 from None
