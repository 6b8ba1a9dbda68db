"""Forms of organisations' pages: they read what was typed; the verbs decide."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense.accounts.signing_up import Wishes
from seqlense.kit.identifiers import uuid7
from seqlense.organisations import roles
from seqlense.organisations.invitations import AT_ONCE
from seqlense.organisations.models import LONGEST_NAME, Membership, Organisation
from seqlense.organisations.roles import Role
from seqlense.site.account.forms import NewSecretField, NoOffersField, country_choices


def _to_choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    """What a choice field of that form offers this time."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class Named(forms.Form):
    """The name of an organisation.

    The verb cleans it, so that NUL and the like get our words, not a browser's.
    """

    name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_(
            "The name of a company or a team, not of a person. Members and people you invite see it."
        ),
        max_length=4 * LONGEST_NAME,
        required=True,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={
            "required": _("Give the organisation a name."),
            "max_length": _("That name is too long: 120 characters at most."),
            "null_characters_not_allowed": _("That name contains invisible control characters."),
        },
    )


class Founding(Named):
    """`identifier` is chosen when the page is shown, so that sending the form twice founds once."""

    identifier = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["identifier"].initial = uuid7

    def clean_identifier(self) -> UUID:
        """A UUIDv7 as we make them, or a fresh one: what a browser sends decides nothing else."""
        given: UUID = self.cleaned_data["identifier"]
        return given if given.version == 7 else uuid7()


class Renaming(Named):
    """`seen` is the revision shown with the form."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    @classmethod
    def showing(cls, organisation: Organisation) -> "Renaming":
        """The form as it stands now."""
        return cls(initial={"name": organisation.name, "seen": organisation.revision})


class Seen(forms.Form):
    """A button whose page showed the organisation at that revision."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class Inviting(forms.Form):
    """Addresses, one a line, a role and the mail's language."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One address a line, twenty at most. Once sent, they are not shown here again."),
        widget=forms.Textarea(
            attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false", "inputmode": "email"}
        ),
        max_length=AT_ONCE * 300,
        error_messages={
            "required": _("Give at least one address."),
            "max_length": _("Invite at most twenty people at once."),
            "null_characters_not_allowed": _("This text contains invisible control characters."),
        },
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect, initial=Role.MEMBER)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, giver: Membership, **named: Any) -> None:
        super().__init__(*args, **named)
        _to_choose(self, "role", [(role.value, role.label) for role in roles.assignable(giver.role)])

    def clean_addresses(self) -> list[str]:
        """Lines with something on them; commas and semicolons part addresses as well."""
        typed: str = self.cleaned_data["addresses"]
        parts = typed.replace(",", "\n").replace(";", "\n").splitlines()
        found = [part.strip() for part in parts if part.strip()]
        if not found:
            raise forms.ValidationError(self.fields["addresses"].error_messages["required"])
        return found

    def wish(self) -> dict[str, Any]:
        """Whom to invite to what, in which language."""
        return {**self.cleaned_data, "role": Role(self.cleaned_data["role"])}


class ChangingRole(forms.Form):
    """`seen` is the role shown with the form."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    seen = forms.ChoiceField(widget=forms.HiddenInput, choices=Role.choices)

    def __init__(self, *args: Any, giver: Membership, **named: Any) -> None:
        super().__init__(*args, **named)
        _to_choose(self, "role", [(role.value, role.label) for role in roles.assignable(giver.role)])


class HandingOver(forms.Form):
    """To whom: any other member."""

    membership = forms.ChoiceField(
        label=_("New owner"), error_messages={"invalid_choice": _("Choose one of the members.")}
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        _to_choose(self, "membership", choices)


class JoiningNewly(forms.Form):
    """What opening an account takes, for somebody who comes by an invitation."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("The other members see it."),
        required=False,
        max_length=480,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=country_choices, widget=forms.Select(attrs={"autocomplete": "country"})
    )
    password = NewSecretField(label=_("Password"), error_messages={"required": _("Choose a password.")})
    no_offers = NoOffersField()

    def wish(self) -> dict[str, Any]:
        """The account wished for."""
        typed = self.cleaned_data
        wishes = Wishes(
            language=get_language() or "fr", country=typed["country"], no_offers=typed["no_offers"]
        )
        return {"wishes": wishes, "name": typed["name"], "password": typed["password"]}
