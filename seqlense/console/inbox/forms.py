"""What staff decide about a request."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from seqlense.accounts.models import Account
from seqlense.organisations.doors import Mine
from seqlense.privacy.access.readable import RIGHTS
from seqlense.support import handling, words
from seqlense.support.attaching import CONTROL
from seqlense.support.texts import LONGEST

NOBODY: Final = "nobody"


class Seen(forms.Form):
    """Which state of the request the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """A note among staff."""

    note = forms.CharField(
        label=_("Internal note"),
        help_text=_(
            "No page shows it to the person. A copy of their data contains it, so write accordingly."
        ),
        max_length=4 * LONGEST["note"],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": words.WORDS["support.note.empty"], **CONTROL},
    )


class AssignForm(Seen):
    """Who sees to it."""

    to = forms.ChoiceField(label=_("Who sees to it"))

    def __init__(self, *args: Any, team: Iterable[Account], **named: Any) -> None:
        super().__init__(*args, **named)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(NOBODY, _("nobody yet")), *[(str(one.subject_id), one.called) for one in team]]

    def wish(self) -> UUID | None:
        """Their subject; None for nobody."""
        to = self.cleaned_data["to"]
        return None if to == NOBODY else UUID(to)


class CustomerForm(Seen):
    """Which customer it is about: one that the person belongs to, or any by its id."""

    customer = forms.ChoiceField(label=_("Customer"), required=False)
    other = forms.UUIDField(
        label=_("Another organisation, by its id"),
        required=False,
        help_text=_("It stands in the address of the organisation’s page."),
    )

    def __init__(self, *args: Any, homes: Iterable[Mine], **named: Any) -> None:
        super().__init__(*args, **named)
        field = self.fields["customer"]
        assert isinstance(field, forms.ChoiceField)
        nobody = ("", pgettext_lazy("customer", "none"))
        field.choices = [nobody, *[(str(one.organisation), one.name) for one in homes]]

    def wish(self) -> UUID | None:
        """The organisation; None for none."""
        chosen = self.cleaned_data["customer"]
        return self.cleaned_data["other"] or (UUID(chosen) if chosen else None)


class RightForm(forms.Form):
    """Which right the person uses."""

    right = forms.ChoiceField(label=_("Right"), choices=[(one.value, RIGHTS[one]) for one in handling.RIGHTS])
