"""Bringing subscribers over from another tool."""

from dataclasses import fields
from typing import Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from seqlense.audience.newsletter import importing
from seqlense.audience.newsletter.errors import InvalidText
from seqlense.audience.newsletter.models import LONGEST_PROOF, LONGEST_SUBJECT, BroughtOver
from seqlense.console.campaigns import words
from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, staff

LISTS: Final = 50


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ImportForm(forms.Form):
    """Where a list comes from and how its people agreed, one address a line, and a promise."""

    tool = forms.CharField(label=gettext_lazy("Tool that they come from"), max_length=4 * LONGEST_SUBJECT)
    question = forms.CharField(
        label=gettext_lazy("What they read and did to subscribe"),
        help_text=gettext_lazy(
            "The words of the form, and how each confirmed: by a link sent to the address."
        ),
        max_length=2 * LONGEST_PROOF,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    agreed_from = forms.DateField(label=gettext_lazy("First confirmation"), widget=_day())
    agreed_until = forms.DateField(label=gettext_lazy("Last confirmation"), widget=_day())
    evidence = forms.CharField(
        label=gettext_lazy("Where the proof of each is kept"),
        help_text=gettext_lazy(
            "For instance the export of the former tool's log of confirmations, its file and its place. Name "
            "nobody here: each receipt points at this text."
        ),
        max_length=2 * LONGEST_PROOF,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    addresses = forms.CharField(
        label=gettext_lazy("Addresses, one a line"),
        help_text=gettext_lazy("At most 500 at once. Whoever unsubscribed here is left out."),
        max_length=importing.AT_ONCE * 260,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the messages"), choices=settings.LANGUAGES)
    confirmed = forms.BooleanField(
        label=gettext_lazy("Each of them confirmed the subscription to us elsewhere, and I can prove it"),
        error_messages={"required": gettext_lazy("Without their own confirmation nobody can be added.")},
    )

    def lines(self) -> list[str]:
        """What was typed, without empty lines."""
        return [line.strip() for line in self.cleaned_data["addresses"].splitlines() if line.strip()]

    def proof(self) -> importing.Proof:
        """How they agreed."""
        return importing.Proof(**{one.name: self.cleaned_data[one.name] for one in fields(importing.Proof)})

    def clean_addresses(self) -> str:
        """At most as many lines as are taken at once."""
        typed = str(self.cleaned_data["addresses"])
        if len([line for line in typed.splitlines() if line.strip()]) > importing.AT_ONCE:
            raise forms.ValidationError(_("These are more than 500 lines."))
        return typed


@staff(PLATFORM, OFFICER)
@sensitive_post_parameters("addresses")
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """A list from another tool; the answer says how many were taken. The officer sees what came, and how."""
    if not may(person(request), PLATFORM):
        if request.method == "POST":
            raise PermissionDenied
        return _page(request, None)
    form = ImportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = importing.bring_in(
                form.lines(),
                proof=form.proof(),
                language=form.cleaned_data["language"],
                actor=actor(request),
                now=moment(request),
            )
        except InvalidText as refused:
            form.add_error(refused.field, str(words.PROBLEMS[refused.code.rpartition(".")[2]]))
        else:
            messages.success(request, _told(found))
            return redirect("console:campaign_import")
    return _page(request, form)


def _told(found: importing.Imported) -> str:
    told = _(
        "Added: %(added)s. Subscribed already: %(known)s. Left out because they unsubscribed or limited "
        "the use of their data: %(objected)s. No address: %(malformed)s."
    )
    return told % vars(found)


def _page(request: HttpRequest, form: ImportForm | None) -> HttpResponse:
    context = {"form": form, "lists": BroughtOver.objects.all()[:LISTS]}
    wrong = form is not None and bool(form.errors)
    return render(request, "console/campaigns/bring_in.html", context, status=422 if wrong else 200)
