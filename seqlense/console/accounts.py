"""People as the staff may see them: found by a search, opened for a reason, each reading written down."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts.models import Account, account_at, account_of
from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, recently_confirmed, staff
from seqlense.console.pages import page_of
from seqlense.organisations import doors as organisations
from seqlense.privacy import access, acts, search, switches
from seqlense.privacy.access import HeldActivity, HeldItem, readable
from seqlense.privacy.models import Subject
from seqlense.privacy.records import Hold
from seqlense.privacy.sealed.veils import Hidden
from seqlense.privacy.switches.words import OPENINGS
from seqlense.register import Activity, wording

OPEN_FOR: Final = 30 * 60
"""Seconds that a written reason opens one file for; after that, or for another person, it is asked again."""
MOST: Final = 50
READING: Final = "console-reading"


class SearchForm(forms.Form):
    """Whom to look for. Sent in the body, so that neither address bar nor log holds it."""

    wanted = forms.CharField(
        label=_("E-mail address or name"),
        min_length=2,
        max_length=254,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("A part of it will do: two characters or more. Accents and capitals don't matter."),
    )


class ReasonForm(forms.Form):
    """Why somebody's file is opened. The person may read it, and so may the data-protection officer."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example the support request it answers. The person can read this."),
    )


class LimitedReasonForm(ReasonForm):
    """Where the person limited the use of something: it stays closed but for a ground of GDPR art. 18(2)."""

    ground = forms.ChoiceField(
        label=_("Open what this person limited"),
        required=False,
        choices=[("", _("No: leave it closed")), *OPENINGS.items()],
        help_text=_("The law opens it for these grounds only. The person can see which one you gave."),
    )


@staff(PLATFORM, OFFICER)
@require_safe
def accounts_page(request: HttpRequest) -> HttpResponse:
    """All accounts, the newest first, without names; and the search."""
    return render(
        request, "console/accounts.html", {"form": SearchForm(), "page": page_of(request, _newest())}
    )


def _newest() -> QuerySet[Account]:
    return Account.objects.order_by("-created_at", "pk")


@staff(PLATFORM, OFFICER)
@require_POST
@never_cache
def search_accounts(request: HttpRequest) -> HttpResponse:
    """Who matches. That somebody searched is written down; for what is not."""
    form = SearchForm(request.POST)
    found: list[Account] = []
    if form.is_valid():
        found = _found(form.cleaned_data["wanted"])
        acts.record("console.searched", actor=actor(request), now=moment(request), found=len(found))
    context = {"form": form, "found": found, "searched": form.is_valid(), "most": MOST}
    return render(request, "console/accounts_found.html", context, status=200 if form.is_valid() else 422)


def _found(wanted: str) -> list[Account]:
    """The holder of exactly that address first, then whoever the index knows."""
    exact = account_at(wanted)
    known = search.by_name(wanted, limit=MOST)
    rows = list(Account.objects.filter(subject_id__in=known))
    return [exact, *(row for row in rows if row.pk != exact.pk)] if exact else rows


@dataclass(frozen=True, kw_only=True)
class Line:
    """One data item. words: its values as people read them; until: when the last of it goes, where known;
    ends: what holds for it alone.
    """

    held: HeldItem
    words: list[Any]
    until: datetime | None
    ends: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One activity of the file. ends: when all of it goes. closed: its use is limited, nothing is shown."""

    activity: Activity
    ends: tuple[str, ...]
    lines: list[Line]
    closed: bool


@dataclass(frozen=True, kw_only=True)
class File:
    """All about one person, once a reason was given. account: None for somebody invited who has none yet."""

    subject: UUID
    account: Account | None
    sections: list[Section]
    organisations: list[organisations.Mine]
    holds: list[Hold]

    @property
    def nameless(self) -> bool:
        """Whether the name is closed to whoever reads."""
        return self.account is not None and isinstance(self.account.email, Hidden)


@staff(PLATFORM, OFFICER)
@never_cache
def account_page(request: HttpRequest, subject: UUID) -> HttpResponse:
    """A person's file, behind a reason."""
    _exists(subject)
    if request.method == "POST" or "again" in request.GET or not is_open(request, subject):
        return reason_page(request, subject)
    with _as_far_as_opened(request, subject):
        context = {"file": _file(subject, moment(request)), "officer": may(person(request), OFFICER)}
        return render(request, "console/account.html", context)


def reason_page(request: HttpRequest, subject: UUID, *, then: str = "console:account") -> HttpResponse:
    """Ask why, write it down, and lead on to what was to be read. then: name of that page."""
    limited = bool(switches.barred_among([subject]))
    form = (LimitedReasonForm if limited else ReasonForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _open(request, subject, form.cleaned_data["reason"], form.cleaned_data.get("ground", ""))
        return redirect(then, subject)
    context = {"form": form, "subject": subject, "limited": limited}
    return render(request, "console/reason.html", context, status=422 if form.errors else 200)


@staff(OFFICER)
@require_POST
@never_cache
@recently_confirmed
def download(request: HttpRequest, subject: UUID) -> HttpResponse:
    """The person's ZIP, to answer a request that came by post or e-mail."""
    _exists(subject)
    if not is_open(request, subject):
        return redirect("console:account", subject)
    with _as_far_as_opened(request, subject):
        packed = access.copy_of(subject, actor=actor(request), now=moment(request), channel="email")
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="data-{subject}.zip"'
    return response


def _exists(subject: UUID) -> None:
    if not Subject.objects.filter(pk=subject).exists():
        raise Http404


def _open(request: HttpRequest, subject: UUID, reason: str, ground: str) -> None:
    """ground: of GDPR art. 18(2), for what the person limited; "" leaves that closed."""
    who, now = actor(request), moment(request)
    if ground:
        kind = "privacy.limited_read"
        acts.record_staff(kind, actor=who, subject=subject, reason=reason, now=now, ground=ground)
    else:
        acts.record_staff("console.file_read", actor=who, subject=subject, reason=reason, now=now)
    request.session[READING] = {"subject": str(subject), "at": int(now.timestamp()), "ground": ground}


def _as_far_as_opened(request: HttpRequest, subject: UUID) -> AbstractContextManager[None]:
    return switches.opened(subject) if request.session[READING].get("ground") else nullcontext()


def is_open(request: HttpRequest, subject: UUID) -> bool:
    """Whether a reason was given for that person's file within the last half hour."""
    reading = request.session.get(READING) or {}
    since = moment(request).timestamp() - reading.get("at", 0)
    return reading.get("subject") == str(subject) and 0 <= since < OPEN_FOR


def _file(subject: UUID, now: datetime) -> File:
    names = {str(key): name for key, name in organisations.names(subject).items()}
    return File(
        subject=subject,
        account=account_of(subject),
        sections=[_section(held, names) for held in access.everything(subject, now=now).activities],
        organisations=organisations.mine(subject),
        holds=list(Hold.objects.active(now).filter(subject_id=subject)),
    )


def _section(held: HeldActivity, names: Mapping[str, str]) -> Section:
    language = get_language() or "fr"
    return Section(
        activity=held.activity,
        ends=wording.general_keeping(held.activity, language),
        lines=[_line(held.activity, one, language, names) for one in held.items],
        closed=held.closed,
    )


def _line(activity: Activity, held: HeldItem, language: str, names: Mapping[str, str]) -> Line:
    ends = [value.until for value in held.values]
    known = [end for end in ends if end is not None]
    return Line(
        held=held,
        words=readable.in_words(held, names),
        until=max(known) if known and len(known) == len(ends) else None,
        ends=wording.special_keeping(activity, held.item, language),
    )
