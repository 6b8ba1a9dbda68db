"""The same choices as in the panel, as a form: for browsers without scripts, and whoever prefers a page."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from seqlense.accounts.doors import moment
from seqlense.privacy import running
from seqlense.privacy.consent import choices as made
from seqlense.privacy.consent import displays, sharing
from seqlense.privacy.consent.choosing import Wish, choose
from seqlense.privacy.consent.outside import services
from seqlense.site.consent import cookies

SAID: Final = {"yes": True, "no": False}
ALL: Final = {"accept_all": True, "refuse_all": False}


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def choices(request: HttpRequest) -> HttpResponse:
    offered = services(running.register())
    found = made.choice(request)
    if request.method == "POST":
        return _kept(request)
    lines = [
        (one, found is not None and one.id in found.accepted, found is not None and one.id in found.refused)
        for one in offered
    ]
    return render(request, "site/choices/choices.html", {"lines": lines, "choice": found})


def _kept(request: HttpRequest) -> HttpResponse:
    """What was answered is written down and kept by the browser; what wasn't stays as it was."""
    now, language = moment(request), get_language() or "fr"
    before = made.kept(request, now=now)
    answers = _answers(request)
    response = redirect("site:choices")
    if answers:
        asked = request.POST.get("all", "")
        wish = Wish(
            answers=answers,
            how=asked if asked in ALL else "panel",
            shown=displays.shown(language, now=now),
            language=language,
        )
        subject = getattr(request.user, "subject_id", None)
        shared = subject if subject is not None and sharing.shares(subject) else None
        cookies.remember(response, choose(wish, before=before, subject=shared, now=now), asked=request)
    return response


def _answers(request: HttpRequest) -> dict[str, bool]:
    offered = [one.id for one in services(running.register())]
    if (everything := ALL.get(request.POST.get("all", ""))) is not None:
        return dict.fromkeys(offered, everything)
    said = {one: SAID.get(request.POST.get(f"service-{one}", "")) for one in offered}
    return {one: yes for one, yes in said.items() if yes is not None}
