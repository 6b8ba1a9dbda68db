"""Forms for rules: a few alternatives, in each the classes of each feature as boxes to tick."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from seqlense.audience.segments import grouping
from seqlense.audience.segments.models import ACTIVITY
from seqlense.audience.segments.rules import MOST_ALTERNATIVES, Rule
from seqlense.privacy import features

LOOK: Final = "look"
"""Name of the button that shows how many people meet the rule, and saves nothing."""
NAME = {
    "required": _("Give it a name in both languages."),
    "max_length": _("That name is too long: 80 characters at most."),
}


@dataclass(frozen=True)
class Alternative:
    """The boxes of one alternative. ticked: whether any of them is."""

    place: int
    fields: list[BoundField]
    ticked: bool


class RuleForm(forms.Form):
    """Boxes for every feature that the register offers to an activity.

    Within a feature any of the ticked classes will do; all features with a tick must fit; one alternative is
    enough.
    """

    rule_activity = ACTIVITY

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.offered = features.offered(self.rule_activity)
        for place in range(MOST_ALTERNATIVES):
            for key, one in self.offered.items():
                self.fields[_box(place, key)] = forms.MultipleChoiceField(
                    label=str(one.label),
                    required=False,
                    choices=list(one.values().items()),
                    widget=forms.CheckboxSelectMultiple,
                )

    @property
    def alternatives(self) -> Iterator[Alternative]:
        """Their boxes; a feature without any class is left out."""
        for place in range(MOST_ALTERNATIVES):
            fields = [self[_box(place, key)] for key in self.offered]
            shown = [one for one in fields if getattr(one.field, "choices", ())]
            yield Alternative(place, shown, any(one.value() for one in shown))

    @property
    def rule(self) -> Rule:
        """What was ticked, of a form that is valid."""
        found = []
        for place in range(MOST_ALTERNATIVES):
            ticked = {key: self.cleaned_data[_box(place, key)] for key in self.offered}
            found.append({key: frozenset(codes) for key, codes in ticked.items() if codes})
        return Rule(tuple(one for one in found if one))


def _box(place: int, key: str) -> str:
    return f"rule-{place}-{key.replace('.', '-')}"


def ticks(rule: Rule) -> dict[str, list[str]]:
    """A rule as the initial values of a form's boxes."""
    return {
        _box(place, key): sorted(codes)
        for place, one in enumerate(rule.alternatives)
        for key, codes in one.items()
    }


class SegmentForm(RuleForm):
    """A segment. `seen`: the revision that the page showed; `proposed`: it came from a grouping."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)
    proposed = forms.BooleanField(widget=forms.HiddenInput, required=False)
    name_fr = forms.CharField(
        label=_("Name in French"),
        help_text=_("People who are in it read it: say what they share, without judging."),
        max_length=80,
        error_messages=NAME,
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=80, error_messages=NAME)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if LOOK in self.data:  # how many people meet a rule can be seen before it has a name
            self.fields["name_fr"].required = self.fields["name_en"].required = False

    @property
    def names(self) -> tuple[str, str]:
        """French, English."""
        return self.cleaned_data["name_fr"], self.cleaned_data["name_en"]


class GroupingForm(forms.Form):
    """What a worker groups by, and into how many."""

    chosen = forms.MultipleChoiceField(
        label=_("Group by"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one characteristic.")},
    )
    number = forms.TypedChoiceField(
        label=_("Into how many groups"),
        coerce=int,
        choices=[(n, str(n)) for n in range(grouping.FEWEST_GROUPS, grouping.MOST_GROUPS + 1)],
        initial=4,
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        offered = features.offered(ACTIVITY)
        self.fields["chosen"].choices = [(key, one.label) for key, one in offered.items()]  # type: ignore[attr-defined]  # a choice field
        self.fields["chosen"].initial = list(offered)
