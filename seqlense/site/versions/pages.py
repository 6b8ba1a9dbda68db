"""Public pages: which versions there were, each as it read, and what changed between any two."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from seqlense.accounts.doors import moment
from seqlense.privacy.notice_document import Notice
from seqlense.privacy.publishing import comparing, dates, documents, side_notes, versions
from seqlense.privacy.publishing.models import NoticeVersion
from seqlense.site.public.notice_layout import blocks
from seqlense.site.versions.banner import language

KINDS = {"privacy": _("Privacy policy"), "cookies": _("Cookie policy"), "legal": _("Legal notice")}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One version in the list. until: the day from which the next one holds; None for the last."""

    version: NoticeVersion
    said: str
    before: int | None
    until: date | None
    holds: bool
    changes: int


@require_safe
@login_not_required
@non_atomic_requests
def versions_page(request: HttpRequest) -> HttpResponse:
    """All of them, latest first."""
    lines = _lines(timezone.localdate(moment(request)))
    context = {"lines": lines, "kinds": KINDS.items(), "form": CompareForm() if len(lines) > 1 else None}
    return render(request, "site/versions/versions.html", context)


def _lines(today: date) -> list[Line]:
    found = list(NoticeVersion.objects.light().latest_first())
    held, until, lines = False, None, []
    for one in found:
        holds = not held and one.in_force(today)
        held = held or holds
        lines.append(
            Line(
                version=one,
                said=one.said(language()),
                before=one.number - 1 or None,
                until=until,
                holds=holds,
                changes=len(one.difference.get("changes", ())),
            )
        )
        until = one.effective_from
    return lines


@require_safe
@login_not_required
@non_atomic_requests
def version_page(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """One text as it was published, whatever runs today."""
    version = _numbered(number)
    notice = _text(version, kind)
    last = versions.latest()
    context = {
        "version": version,
        "notice": notice,
        "blocks": blocks(notice),
        "said": version.said(language()),
        "kind": kind,
        "kinds": KINDS.items(),
        "last": last,
        "before": number - 1 or None,
        "in_force": version.in_force(timezone.localdate(moment(request))),
    }
    return render(request, "site/versions/version.html", context)


class CompareForm(forms.Form):
    """Two versions and a text; the last two and the privacy policy where nothing is asked for."""

    before = forms.TypedChoiceField(label=_("Earlier version"), coerce=int)
    after = forms.TypedChoiceField(label=_("Later version"), coerce=int)
    kind = forms.ChoiceField(label=_("Text"), choices=list(KINDS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = NoticeVersion.objects.light().latest_first()
        choices = [(one.number, _named(one)) for one in found]
        self.fields["before"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.fields["after"].choices = choices  # type: ignore[attr-defined]  # the same
        if choices:
            last = choices[0][0]
            self.initial = {"after": last, "before": max(last - 1, 1), "kind": "privacy"}


def _last_two() -> dict[str, Any] | None:
    last = versions.latest()
    return (
        {"before": last.number - 1, "after": last.number, "kind": "privacy"}
        if last and last.number > 1
        else None
    )


def _named(one: NoticeVersion) -> str:
    words = gettext("version %(number)d, of %(day)s")
    return words % {"number": one.number, "day": dates.day(one.effective_from, language())}


@require_safe
@login_not_required
@non_atomic_requests
def difference_page(request: HttpRequest) -> HttpResponse:
    """What changed between two versions, side by side with what changed in the register."""
    asked = {"kind": "privacy", **request.GET.dict()} if request.GET else _last_two()
    form = CompareForm(asked)
    compared = _compared(form) if form.is_valid() else {"compared": None}
    context = {"form": form, **compared}
    return render(request, "site/versions/difference.html", context, status=422 if form.errors else 200)


def _compared(form: CompareForm) -> dict[str, Any]:
    first, second = sorted([form.cleaned_data["before"], form.cleaned_data["after"]])
    before, after = _numbered(first), _numbered(second)
    kind = form.cleaned_data["kind"]
    passages = comparing.compare(_text(before, kind), _text(after, kind))
    between = NoticeVersion.objects.light().filter(number__gt=first, number__lte=second).order_by("number")
    notes = side_notes.of_versions(between, language())
    return {
        "compared": {"before": before, "after": after, "kind": kind, "title": KINDS[kind]},
        "stretches": comparing.stretches(passages),
        "changed": comparing.number_changed(passages),
        "beside": side_notes.beside(notes),
        "notes": notes,
        "others": [(name, title) for name, title in KINDS.items() if name != kind],
        "explained": [(one, said) for one in between if (said := one.said(language()))],
    }


def _numbered(number: int) -> NoticeVersion:
    found = versions.numbered(number)
    if found is None:
        raise Http404
    return found


def _text(version: NoticeVersion, kind: str) -> Notice:
    try:
        return documents.read(version.documents, kind, language(), version=version.register_version)
    except KeyError:
        raise Http404 from None
