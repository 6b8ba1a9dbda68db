"""The notices in the console: the difference, whom it concerns, how they are told; publishing; progress."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from seqlense.console import attention
from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, staff
from seqlense.console.notices import picture
from seqlense.console.notices.forms import PublishForm
from seqlense.privacy import running
from seqlense.privacy.publishing import (
    comparing,
    documents,
    side_notes,
    tallying,
    telling,
    versions,
)
from seqlense.privacy.publishing.errors import DateGone, Overtaken, PublishingError, TooLong
from seqlense.privacy.publishing.models import NoticeVersion
from seqlense.privacy.publishing.tallying import Tally
from seqlense.privacy.publishing.telling import Progress
from seqlense.privacy.publishing.versions import Pending

TEXTS: Final = {
    "privacy": gettext_lazy("Privacy policy"),
    "cookies": gettext_lazy("Cookie policy"),
    "legal": gettext_lazy("Legal notice"),
}
REFUSED: Final = {
    Overtaken: gettext_lazy("Something changed since you looked: read the difference again, then publish."),
    DateGone: gettext_lazy("That day is past: a notice holds from today at the earliest."),
    TooLong: gettext_lazy("The explanation is too long."),
}
SHOWN: Final = 12


@dataclass(frozen=True, kw_only=True)
class Row:
    """A published version, how far telling people of it has come, and what they answered."""

    version: NoticeVersion
    said: str
    progress: Progress | None
    tally: Tally
    holds: bool


@staff(PLATFORM, OFFICER)
@require_safe
def notices_page(request: HttpRequest) -> HttpResponse:
    """What waits to be published first; then what was."""
    waiting = versions.pending()
    form = _form(request, waiting) if waiting and may(person(request), OFFICER) else None
    return render(request, "console/notices/notices.html", _context(request, waiting, form))


def _context(request: HttpRequest, waiting: Pending | None, form: PublishForm | None) -> dict[str, Any]:
    return {
        "alarms": attention.of(moment(request), "notices"),
        "waiting": waiting,
        "weighed": picture.weighed(waiting, now=moment(request)) if waiting else None,
        "form": form,
        "texts": TEXTS.items(),
        "register": running.register(),
        "rows": _rows(timezone.localdate(moment(request))),
    }


def _rows(today: date) -> list[Row]:
    found = list(NoticeVersion.objects.light().latest_first()[:SHOWN])
    answered = tallying.tallies([one.pk for one in found])
    holds = next((one.number for one in found if one.in_force(today)), 0)
    return [
        Row(
            version=one,
            said=one.said(picture.language()),
            progress=telling.progress(one),
            tally=answered.get(one.pk, tallying.NONE),
            holds=one.number == holds,
        )
        for one in found
    ]


def _form(request: HttpRequest, waiting: Pending, data: Any = None) -> PublishForm:
    today = timezone.localdate(moment(request))
    return PublishForm(
        data,
        initial={"seen": waiting.seen, "effective_from": today},
        today=today,
        starts=bool(waiting.weighed.started),
        concerns=bool(waiting.weighed.activities),
    )


@staff(OFFICER)
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish what runs, as it was looked at."""
    waiting = versions.pending()
    if waiting is None:
        messages.info(request, _("It was published meanwhile: what runs is what the last version says."))
        return redirect("console:notices")
    form = _form(request, waiting, request.POST)
    if not form.is_valid() or not _published(request, form):
        context = _context(request, waiting, form)
        return render(request, "console/notices/notices.html", context, status=422)
    return redirect("console:notices")


def _published(request: HttpRequest, form: PublishForm) -> bool:
    said = form.cleaned_data
    try:
        made = versions.publish(
            seen=said["seen"],
            effective_from=said["effective_from"],
            explanation={"fr": said["french"], "en": said["english"]},
            by_mail=said.get("means") == "mail",
            further=bool(said.get("further")),
            actor=actor(request),
            now=moment(request),
        )
    except PublishingError as refused:
        form.add_error(None, str(REFUSED.get(type(refused), REFUSED[Overtaken])))
        return False
    words = _("Version %(number)d is published. %(people)d people are told.")
    messages.success(request, words % {"number": made.number, "people": made.concerned})
    return True


@staff(PLATFORM, OFFICER)
@require_safe
def preview(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """A text as it would read, with what came and went since the last version."""
    if kind not in TEXTS or language not in documents.LANGUAGES:
        raise Http404
    register, last = running.register(), NoticeVersion.objects.order_by("-number").first()
    new = documents.read(documents.stored(register), kind, language, version=register.version)
    try:
        old = documents.read(last.documents, kind, language, version="") if last else new
    except KeyError:
        old = new
    passages = comparing.compare(old, new)
    waiting = versions.pending()
    notes = picture.notes_of(waiting, language) if waiting else ()
    context = {
        "kind": kind,
        "language": language,
        "title": new.title,
        "texts": TEXTS.items(),
        "languages": documents.LANGUAGES,
        "last": last,
        "stretches": comparing.stretches(passages),
        "changed": comparing.number_changed(passages),
        "beside": side_notes.beside(notes),
    }
    return render(request, "console/notices/preview.html", context)
