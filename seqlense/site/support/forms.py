"""What people type on the contact form: it is read here; the verbs decide."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense.site.account.forms import AddressField
from seqlense.support import words
from seqlense.support.asking import Wish
from seqlense.support.attaching import CONTROL, Attaching
from seqlense.support.texts import LONGEST


class Write(Attaching):
    """A request. `website` is a field that people never see and must leave empty."""

    title = forms.CharField(
        label=_("Subject"),
        max_length=4 * LONGEST["title"],
        error_messages={"required": words.WORDS["support.title.empty"], **CONTROL},
    )
    message = forms.CharField(
        label=_("Your message"),
        help_text=_("Please leave out what we don't need in order to answer, above all about other people."),
        max_length=4 * LONGEST["message"],
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": words.WORDS["support.message.empty"], **CONTROL},
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=4 * LONGEST["name"],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=CONTROL,
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        help_text=_("Only if you would rather be called back."),
        max_length=4 * LONGEST["phone"],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages=CONTROL,
    )
    website = forms.CharField(required=False, widget=forms.TextInput)
    field_order = ("ticket", "email", "title", "message", "name", "phone", "website", "attached", "whole")

    def wish(self) -> Wish:
        """What was typed, for the verb."""
        said = self.cleaned_data
        return Wish(
            title=said["title"],
            message=said["message"],
            name=said["name"],
            phone=said["phone"],
            language=get_language() or "fr",
        )


class WriteWithAddress(Write):
    """The same for somebody who isn't signed in."""

    email = AddressField(
        help_text=_("We send a link there to confirm it; the answer is announced there too."),
        error_messages={"required": words.ADDRESS, **CONTROL},
    )
