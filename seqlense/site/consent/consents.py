"""The consents of somebody signed in: to purposes, and to outside services on this browser or on all of
theirs.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts import doors
from seqlense.privacy import consent
from seqlense.privacy.consent import choices, displays, keeping, sharing, words
from seqlense.privacy.consent.choosing import Wish, choose
from seqlense.privacy.consent.errors import ConsentRefused
from seqlense.privacy.consent.models import Kind, Receipt
from seqlense.site.consent import applying, cookies, receipts


@require_safe
@never_cache
def consents(request: HttpRequest) -> HttpResponse:
    """What the person consents to, since when, what they were shown, and what is over."""
    subject, now = doors.person(request).subject_id, doors.moment(request)
    choice = choices.choice(request)
    mine = keeping.of(subject)
    standing = [one for one in mine if one.kind == Kind.GIVEN and one.ended_at is None]
    context: dict[str, Any] = {
        "standing": [words.shown(one) for one in standing],
        "past": [words.shown(one) for one in mine if one not in standing],
        "services": [
            {
                "service": one,
                "yes": choice is not None and one.id in choice.accepted,
                "no": choice is not None and one.id in choice.refused,
            }
            for one in choices.offered()
        ],
        "choice": choice,
        "shares": sharing.shares(subject),
        "now": now,
    }
    return render(request, "site/consent/consents.html", context)


@require_POST
@never_cache
def choose_here(request: HttpRequest) -> HttpResponse:
    """Yes or no to each outside service, in this browser; in all of the person's, if they want that."""
    subject, now = doors.person(request).subject_id, doors.moment(request)
    named = {one.id: request.POST.get(f"service-{one.id}") for one in choices.offered()}
    answers = {name: said == "yes" for name, said in named.items() if said in ("yes", "no")}
    if request.POST.get("all") == "no":
        answers = dict.fromkeys(named, False)
    if not answers:
        messages.info(request, _("Nothing was chosen, and nothing has changed."))
        return redirect("site:consents")
    language = get_language() or "fr"
    before = choices.kept(request, now=now)
    wish = Wish(answers=answers, how="settings", shown=displays.shown(language, now=now), language=language)
    made = choose(wish, before=before, subject=subject if sharing.shares(subject) else None, now=now)
    messages.success(request, _("Saved. It holds for six months, unless you change it before."))
    response = redirect("site:consents")
    cookies.remember(response, made, asked=request)
    return response


@require_POST
@never_cache
def share(request: HttpRequest) -> HttpResponse:
    """Whether the person's choice on outside services holds in every browser where they sign in."""
    subject, now = doors.person(request).subject_id, doors.moment(request)
    if request.POST.get("share") == "yes":
        sharing.share(subject, actor=doors.actor(request), now=now)
        request.session[applying.FOLLOWS] = True
        messages.success(request, _("From your next choice on, it holds wherever you sign in."))
    else:
        sharing.keep_apart(subject, actor=doors.actor(request), now=now)
        request.session[applying.FOLLOWS] = False
        messages.success(request, _("Each browser has its own choice again."))
    return redirect("site:consents")


@require_POST
@never_cache
def withdraw(request: HttpRequest, purpose: str) -> HttpResponse:
    """In one click, as it was given (GDPR art. 7(3)). Again, it changes nothing."""
    subject = doors.person(request).subject_id
    try:
        made = consent.withdraw(
            subject, purpose, how="settings", actor=doors.actor(request), now=doors.moment(request)
        )
    except ConsentRefused:
        raise Http404 from None
    if made is None:
        messages.info(request, _("That consent had ended already."))
    else:
        messages.success(request, _("Withdrawn. What rested on it has stopped."))
    return redirect("site:consents")


@require_safe
@never_cache
def own_file(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """A receipt of one's own, to keep."""
    return receipts.as_file(_own(request, receipt))


@require_safe
@never_cache
def own_proof(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """What outsiders verify it by."""
    return receipts.as_proof(request, _own(request, receipt))


def _own(request: HttpRequest, receipt: UUID) -> Receipt:
    found = keeping.find(receipt)
    if found is None or found.subject_id != doors.person(request).subject_id:
        raise Http404
    return found
