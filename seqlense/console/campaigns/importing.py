"""Bringing subscribers over from another tool."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from seqlense.audience.newsletter import importing
from seqlense.console.doors import PLATFORM, actor, moment, staff


class ImportForm(forms.Form):
    """One address a line, and the promise that each was confirmed."""

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

    def clean_addresses(self) -> str:
        """At most as many lines as are taken at once."""
        typed = str(self.cleaned_data["addresses"])
        if len([line for line in typed.splitlines() if line.strip()]) > importing.AT_ONCE:
            raise forms.ValidationError(_("These are more than 500 lines."))
        return typed


@staff(PLATFORM)
@sensitive_post_parameters("addresses")
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """A list from another tool; the answer says how many were taken."""
    form = ImportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = importing.bring_in(
            form.lines(), language=form.cleaned_data["language"], actor=actor(request), now=moment(request)
        )
        told = _(
            "Added: %(added)s. Subscribed already: %(known)s. Left out because they unsubscribed or limited "
            "the use of their data: %(objected)s. No address: %(malformed)s."
        )
        messages.success(request, told % vars(found))
        return redirect("console:campaigns")
    return render(
        request, "console/campaigns/bring_in.html", {"form": form}, status=422 if form.errors else 200
    )
