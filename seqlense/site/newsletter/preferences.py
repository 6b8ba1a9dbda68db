"""What one receives: by the link in each message, without signing in, or in the settings."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from seqlense.accounts import doors
from seqlense.audience.newsletter import links, objecting, partners, readers
from seqlense.audience.newsletter.errors import LinkRefused, NotSubscribed
from seqlense.privacy.actor import Actor
from seqlense.site.newsletter import changes
from seqlense.site.newsletter.forms import TopicsForm
from seqlense.site.newsletter.refusing import refused

FOLDER: Final = "site/newsletter"


class NotTicked(Exception):
    """Consent was asked for without the clear act that gives it."""


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST by the mail program, without cookies, is enough; a GET shows a button only.

    No token against forged forms: the address itself is the proof, and whoever has it may do just this.
    """
    try:
        link = links.read(token, links.NEWS, links.PARTNERS)
    except LinkRefused as error:
        return refused(request, error)
    context = {"of_partners": link.about == links.PARTNERS, "token": token}
    if request.method != "POST":
        customer = readers.look(link.id, now=doors.moment(request)).customer
        return render(request, f"{FOLDER}/unsubscribe.html", {**context, "customer": customer})
    actor, now = Actor.person(link.id), doors.moment(request)
    if link.about == links.PARTNERS:
        partners.withdraw(link.id, how="link", actor=actor, now=now)
    else:
        objecting.unsubscribe(link.id, actor=actor, now=now)
    return render(request, f"{FOLDER}/unsubscribed.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same choices for whoever holds a message's link."""
    try:
        link = links.read(token, links.NEWS, links.PARTNERS)
    except LinkRefused as error:
        return refused(request, error)
    return _centre(request, link.id, signed_in=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signed_in(request: HttpRequest) -> HttpResponse:
    """The choices of whoever is signed in."""
    return _centre(request, doors.person(request).subject_id, signed_in=True)


def _centre(request: HttpRequest, subject: UUID, *, signed_in: bool) -> HttpResponse:
    now = doors.moment(request)
    if request.method == "POST":
        return _done(request, subject, now)
    found = readers.look(subject, now=now)
    context = {
        "standing": found,
        "address": found.address if signed_in else readers.masked(found.address),
        "form": TopicsForm(initial={"topics": list(found.topics), "language": found.language}),
        "pauses": list(readers.PAUSES),
        "question": partners.question(),
        "signed_in": signed_in,
        "news": None if signed_in else changes.shown(subject),
    }
    return render(request, f"{FOLDER}/preferences_{'settings' if signed_in else 'link'}.html", context)


def _done(request: HttpRequest, subject: UUID, now: datetime) -> HttpResponse:
    act = ACTS.get(request.POST.get("act", ""))
    if act is not None:
        try:
            messages.success(request, act(request, subject, now))
        except NotSubscribed:
            messages.info(request, _("That had ended already; nothing was changed."))
        except NotTicked:
            messages.error(
                request, _("Nothing was changed: tick the box first if you agree to partners' offers.")
            )
    return redirect(request.path)


def _choose(request: HttpRequest, subject: UUID, now: datetime) -> str:
    form = TopicsForm(request.POST)
    form.is_valid()  # what isn't on the list is left out
    readers.choose(
        subject,
        topics_wanted=request.POST.getlist("topics"),
        language=request.POST.get("language", ""),
        actor=Actor.person(subject),
        now=now,
    )
    return _("Saved.")


def _pause(request: HttpRequest, subject: UUID, now: datetime) -> str:
    readers.pause(subject, request.POST.get("months", ""), actor=Actor.person(subject), now=now)
    return _("Paused: nothing is sent until then.")


def _go_on(request: HttpRequest, subject: UUID, now: datetime) -> str:
    readers.go_on(subject, actor=Actor.person(subject), now=now)
    return _("The pause is over.")


def _unsubscribe(request: HttpRequest, subject: UUID, now: datetime) -> str:
    objecting.unsubscribe(subject, actor=Actor.person(subject), now=now)
    return _("You are unsubscribed.")


def _stop_all(request: HttpRequest, subject: UUID, now: datetime) -> str:
    readers.stop_all(subject, how=_how(request, subject), actor=Actor.person(subject), now=now)
    return _("You are unsubscribed from everything.")


def _come_back(request: HttpRequest, subject: UUID, now: datetime) -> str:
    if _here(request) != subject:
        raise NotSubscribed
    readers.come_back(subject, actor=Actor.person(subject), now=now)
    return _("You are subscribed again.")


def _partners(request: HttpRequest, subject: UUID, now: datetime) -> str:
    if request.POST.get("agree") != "on":
        raise NotTicked
    found = readers.look(subject, now=now)
    if not (found.reads or _here(request) == subject):  # an old link says nothing new in somebody's name
        raise NotSubscribed
    how = _how(request, subject)
    partners.agree(subject, how=how, language=found.language, actor=Actor.person(subject), now=now)
    return _("Noted: you receive partners' offers too.")


def _no_partners(request: HttpRequest, subject: UUID, now: datetime) -> str:
    partners.withdraw(subject, how=_how(request, subject), actor=Actor.person(subject), now=now)
    return _("Noted: you receive no partners' offers any more.")


def _how(request: HttpRequest, subject: UUID) -> str:
    """By which act consent is given or withdrawn here, as receipts say it."""
    return "settings" if _here(request) == subject else "link"


def _here(request: HttpRequest) -> UUID | None:
    """Who is signed in, if anybody."""
    return getattr(request.user, "subject_id", None)


ACTS: Final[dict[str, Callable[[HttpRequest, UUID, datetime], str]]] = {
    "choose": _choose,
    "pause": _pause,
    "go-on": _go_on,
    "unsubscribe": _unsubscribe,
    "stop-all": _stop_all,
    "come-back": _come_back,
    "partners": _partners,
    "no-partners": _no_partners,
    "change-read": changes.read,
    "change-yes": changes.answer,
    "change-no": changes.answer,
}
