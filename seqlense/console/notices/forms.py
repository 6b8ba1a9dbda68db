"""What whoever publishes a version decides."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seqlense.privacy.publishing.versions import LONGEST

WORDS = {"rows": 4, "maxlength": LONGEST}


class PublishForm(forms.Form):
    """seen: what was looked at, so that nothing else is published."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=100)
    effective_from = forms.DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("Today or later. The people concerned are told at once in any case."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    french = forms.CharField(
        label=gettext_lazy("A word of explanation, in French"),
        help_text=gettext_lazy(
            "Shown with the version and in the message. Say why, in two or three sentences."
        ),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs=WORDS),
    )
    english = forms.CharField(
        label=gettext_lazy("The same in English"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs=WORDS),
    )
    means = forms.ChoiceField(
        label=gettext_lazy("How the people concerned are told"),
        widget=forms.RadioSelect,
        choices=[
            ("mail", gettext_lazy("By a message, and on their pages when they sign in")),
            ("banner", gettext_lazy("On their pages alone, when they sign in")),
        ],
        initial="mail",
    )
    further = forms.BooleanField(
        label=gettext_lazy("What begins uses data that we already hold"),
        help_text=gettext_lazy(
            "Everybody of whom we hold anything is then told beforehand (GDPR art. 13(3), 14(4)). Otherwise "
            "people are told when their data are collected."
        ),
        required=False,
    )

    def __init__(self, *args: Any, today: date, starts: bool, concerns: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["effective_from"].widget.attrs["min"] = today.isoformat()
        if not starts:
            del self.fields["further"]
        if not concerns and not starts:
            del self.fields["means"]

    def clean_effective_from(self) -> date:
        """Nothing takes effect before it is published."""
        day: date = self.cleaned_data["effective_from"]
        if day < self.today:
            raise forms.ValidationError(_("That day is past: a notice holds from today at the earliest."))
        return day

    def clean(self) -> None:
        """Who reads one language reads the explanation too."""
        super().clean()
        said = [bool((self.cleaned_data.get(name) or "").strip()) for name in ("french", "english")]
        if any(said) and not all(said) and not {"french", "english"} & set(self.errors):
            missing = "english" if said[0] else "french"
            self.add_error(missing, _("Explain it in both languages, or in none."))
