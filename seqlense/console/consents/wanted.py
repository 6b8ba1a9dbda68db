"""Which receipts: the filter of the list, of the figures and of the export."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from seqlense.privacy.consent import choices, giving, keeping
from seqlense.privacy.consent.keeping import Wanted
from seqlense.privacy.consent.words import service, titles

DAY = forms.DateInput(attrs={"type": "date"})


class FilterForm(forms.Form):
    """All of it may be left empty."""

    receipt = forms.UUIDField(
        label=_("Number of the receipt"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("Up to and including"), required=False, widget=DAY)
    about = forms.ChoiceField(label=_("Purpose or service"), required=False)
    shown = forms.ChoiceField(label=_("Version shown"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        purposes = [(one, ", ".join(titles(one))) for one in sorted(giving.purposes())]
        services = [(one.id, service(one.id)) for one in choices.offered()]
        versions = [(one, one[:12]) for one in keeping.displays_used()]
        self.fields["about"].choices = [("", _("all")), *purposes, *services]  # type: ignore[attr-defined]  # a choice field
        self.fields["shown"].choices = [("", _("all")), *versions]  # type: ignore[attr-defined]  # the same

    def wanted(self) -> Wanted:
        """What was asked for; everything while the form doesn't hold."""
        if not self.is_valid():
            return Wanted()
        said, until = self.cleaned_data, self.cleaned_data["until"]
        return Wanted(
            since=_midnight(said["since"]) if said["since"] else None,
            until=_midnight(until + timedelta(days=1)) if until else None,
            about=said["about"],
            shown=said["shown"],
        )


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
