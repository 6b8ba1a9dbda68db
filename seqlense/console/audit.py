"""The trail of acts: what staff did first of all, and everything else that left a proof row."""

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from seqlense.console.doors import OFFICER, PLATFORM, staff
from seqlense.console.pages import page_of
from seqlense.privacy.records import Act


class AuditFilter(forms.Form):
    """Which acts to list. Codes and opaque ids only, so that the address of the page names nobody."""

    who = forms.ChoiceField(
        label=_("Acts of"),
        required=False,
        choices=[
            ("staff", _("staff")),
            ("person", _("people themselves")),
            ("system", _("the system")),
            ("all", _("everyone")),
        ],
    )
    kind = forms.CharField(label=_("Kind of act"), required=False, max_length=80)
    subject = forms.UUIDField(label=_("Person (opaque id)"), required=False)
    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


def acts(chosen: AuditFilter) -> QuerySet[Act]:
    """The acts that a filter asks for, latest first; those of staff where it asks for nothing valid."""
    wanted = chosen.cleaned_data if chosen.is_valid() else {}
    found = Act.objects.all()
    who = wanted.get("who") or "staff"
    if who != "all":
        found = found.filter(actor_kind=who)
    if wanted.get("kind"):
        found = found.filter(kind__startswith=wanted["kind"])
    if wanted.get("subject"):
        found = found.filter(subject=wanted["subject"])
    if wanted.get("since"):
        found = found.filter(at__date__gte=wanted["since"])
    return found


@staff(PLATFORM, OFFICER)
def audit_page(request: HttpRequest) -> HttpResponse:
    """The trail, filtered and in pages."""
    chosen = AuditFilter(request.GET or {"who": "staff"})
    return render(request, "console/audit.html", {"filter": chosen, "page": page_of(request, acts(chosen))})
