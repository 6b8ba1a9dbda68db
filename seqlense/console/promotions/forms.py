"""Forms of promotions: they read what was typed; the verbs decide."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense.audience.promotions.models import ACTIVITY, Audience, Promotion
from seqlense.audience.promotions.prose import LONGEST, LONGEST_LINK
from seqlense.audience.promotions.slots import Slot
from seqlense.audience.promotions.writing import Wording
from seqlense.audience.segments.models import Segment
from seqlense.console.segments.forms import RuleForm, ticks

TEXT = _("Paragraphs, **bold**, *emphasis* and lists with a dash. HTML and links are shown as typed.")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _line(label: Any, kind: str) -> forms.CharField:
    longest = LONGEST[kind]
    return forms.CharField(label=label, max_length=longest)


def _text(label: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, help_text=TEXT, max_length=LONGEST["text"], widget=area)


class PromotionForm(RuleForm):
    """A promotion, its place, its days and whom it is for. `seen`: the revision that the page showed."""

    rule_activity = ACTIVITY

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)
    title_fr = _line(_("Title in French"), "title")
    text_fr = _text(_("Text in French"))
    button_fr = _line(_("Button in French"), "button")
    title_en = _line(_("Title in English"), "title")
    text_en = _text(_("Text in English"))
    button_en = _line(_("Button in English"), "button")
    link = forms.CharField(
        label=_("Where the button leads"),
        help_text=_(
            "The path of one of our pages, such as /organisations/new/, or a page of a host that the register"
            " declares. It opens by a click only."
        ),
        max_length=LONGEST_LINK,
    )
    slot = forms.ChoiceField(label=_("Where it is shown"), choices=Slot.choices)
    begins_on = forms.DateField(label=_("First day"), widget=DAY)
    ends_on = forms.DateField(label=_("Last day"), widget=DAY)
    audience = forms.ChoiceField(
        label=_("Whom it is for"),
        help_text=_(
            "Whoever objects sees the same promotions as everyone else, whatever you choose here; so may"
            " anybody where nothing else runs. Write nothing that is true of these people only."
        ),
        choices=Audience.choices,
        widget=forms.RadioSelect,
    )
    segment = forms.ModelChoiceField(
        label=_("Segment"), queryset=Segment.objects.none(), required=False, empty_label=_("no segment")
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        language = get_language() or "fr"
        segments: Any = self.fields["segment"]
        segments.queryset = Segment.objects.filter(stopped_at=None)
        segments.label_from_instance = lambda one: one.name_in(language)

    @property
    def wording(self) -> Wording:
        """What was typed, of a form that is valid; days begin and end where the member of staff is."""
        said = self.cleaned_data
        plain = ("title_fr", "text_fr", "button_fr", "title_en", "text_en", "button_en", "link", "slot")
        return Wording(
            **{name: said[name] for name in plain},
            begins_at=_midnight(said["begins_on"]),
            ends_at=_midnight(said["ends_on"] + timedelta(days=1)),
            audience=said["audience"],
            rule=self.rule,
            segment=said["segment"].pk if said["segment"] else None,
        )

    def clean_ends_on(self) -> date:
        """The calendar has an end."""
        day: date = self.cleaned_data["ends_on"]
        if day.year > 9000:
            raise forms.ValidationError(_("That is too far away."))
        return day


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def of(row: Promotion) -> dict[str, Any]:
    """A promotion as the initial values of its form."""
    plain = (
        "title_fr",
        "text_fr",
        "button_fr",
        "title_en",
        "text_en",
        "button_en",
        "link",
        "slot",
        "audience",
    )
    return {
        **{name: getattr(row, name) for name in plain},
        **ticks(row.parsed),
        "seen": row.revision,
        "begins_on": timezone.localtime(row.begins_at).date(),
        "ends_on": timezone.localtime(row.last_moment).date(),
        "segment": row.segment_id,
    }


class InterestForm(forms.Form):
    """An interest for the list."""

    label_fr = _line(_("Interest in French"), "title")
    label_en = _line(_("Interest in English"), "title")
