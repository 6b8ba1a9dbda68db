"""What changed for the person signed in, and their answer."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts import doors
from seqlense.privacy.publishing import answering
from seqlense.privacy.publishing.answering import News
from seqlense.privacy.publishing.errors import AnswerFirst, NothingAsked
from seqlense.site.versions.banner import language

YES: Final = "yes"
ANSWERS: Final = (YES, "no")


@require_safe
@never_cache
def news_page(request: HttpRequest) -> HttpResponse:
    """Each change in the use of their data, what it was and what it is now."""
    news = answering.pending(doors.person(request).subject_id)
    context = {"news": news, "shown": _shown(news) if news else {}}
    return render(request, "site/versions/news.html", context)


def _shown(news: News) -> dict[str, Any]:
    spoken, last = language(), news.versions[-1]
    return {
        "items": news.items(spoken),
        "said": [(one.number, said) for one in news.versions if (said := one.said(spoken))],
        "demands": [
            {
                "demand": one,
                "title": answering.title_of(last.difference, one.activity, spoken),
                "article": one.article.in_(spoken),
            }
            for one in news.demands
        ],
    }


@require_POST
@never_cache
def put_away(request: HttpRequest, number: int) -> HttpResponse:
    """Read: the banner goes."""
    try:
        answering.put_away(
            doors.person(request).subject_id,
            number,
            language=language(),
            actor=doors.actor(request),
            now=doors.moment(request),
        )
    except AnswerFirst:
        messages.info(request, _("One change needs your yes or your no first."))
        return redirect("site:notice_news")
    except NothingAsked:
        messages.info(request, _("There was nothing to put away."))
    return redirect(doors.next_of(request))


@require_POST
@never_cache
def answer(request: HttpRequest, number: int, activity: str) -> HttpResponse:
    """Yes or no to one change; anything else is neither."""
    said = request.POST.get("answer")
    if said not in ANSWERS:
        messages.info(request, _("Choose yes or no: nothing was noted."))
        return redirect("site:notice_news")
    try:
        answering.answer(
            doors.person(request).subject_id,
            number,
            activity,
            accepted=said == YES,
            language=language(),
            actor=doors.actor(request),
            now=doors.moment(request),
        )
    except NothingAsked:
        messages.info(request, _("You had answered this already, or nobody asks it any more."))
    else:
        words = _("Noted: you accept the change.") if said == YES else _("Noted: you refuse the change.")
        messages.success(request, words)
    return redirect("site:notice_news")
