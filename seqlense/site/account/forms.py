"""What people type about their account."""

import unicodedata
from typing import Any, ClassVar, Final, Self

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense.accounts import passkeys, passwords, profile
from seqlense.accounts.models import Account
from seqlense.kit.addresses import LONGEST as LONGEST_ADDRESS
from seqlense.kit.addresses import InvalidAddress, normalise
from seqlense.site.account import words

FOCUS: Final = {"autofocus": True}


class AddressField(forms.CharField):
    """An e-mail address as people type it; gives the normalised one. International domains included."""

    def __init__(self, *, autocomplete: str = "email", **options: Any) -> None:
        attributes = {
            "autocomplete": autocomplete,
            "inputmode": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        options.setdefault("label", _("E-mail address"))
        super().__init__(max_length=LONGEST_ADDRESS, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> str:
        """The normalised address, or an error that says what is wrong with it."""
        text = super().clean(value)
        try:
            return normalise(text)
        except InvalidAddress as error:
            raise forms.ValidationError(words.of(error.code)) from None


class SecretField(forms.CharField):
    """A password, untouched: spaces count, and pasting is welcome."""

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=4 * passwords.LONGEST, widget=widget, **options)


class NewSecretField(SecretField):
    """A password to be."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("New password"))
        options.setdefault(
            "help_text",
            _("At least 15 characters: a sentence, or four or five unrelated words. Spaces are welcome."),
        )
        super().__init__(autocomplete="new-password", **options)


class NoOffersField(forms.BooleanField):
    """Saying no, where the address is collected, to what customers are sent (art. L34-5 CPCE)."""

    def __init__(self) -> None:
        super().__init__(
            label=_("No news or offers by e-mail"),
            required=False,
            help_text=_(
                "Otherwise we write to you now and then about our own services. Each message has a link that "
                "unsubscribes you."
            ),
        )


def country_choices() -> list[tuple[str, str]]:
    """Countries by name, in the page's language."""
    names = Locale(get_language() or "fr").territories
    found = [(code, names.get(code, code)) for code in profile.countries()]
    return sorted(found, key=lambda pair: _sorted_as(pair[1]))


def _sorted_as(name: str) -> str:
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().casefold()


def currency_choices() -> list[tuple[str, str]]:
    """Currencies by name, in the page's language; the euro first."""
    names = Locale(get_language() or "fr").currencies
    rest = sorted(profile.CURRENCIES[1:], key=lambda code: _sorted_as(names.get(code, code)))
    return [(code, f"{names.get(code, code)} ({code})") for code in (profile.CURRENCIES[0], *rest)]


def zone_choices() -> list[tuple[str, str]]:
    """Time zones as the database names them, places readable."""
    return [(name, name.replace("_", " ").replace("/", " / ")) for name in sorted(profile.time_zones())]


class SignUpForm(forms.Form):
    email = AddressField(label=_("Professional e-mail address"))
    country = forms.ChoiceField(
        label=_("Country"), choices=country_choices, widget=forms.Select(attrs={"autocomplete": "country"})
    )


class OpenForm(forms.Form):
    """Behind the link sent at sign-up."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=4 * profile.LONGEST_NAME,
        help_text=_("As the people you work with here know you. You can add it later."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = NewSecretField(label=_("Password"))
    no_offers = NoOffersField()


class SignInForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username webauthn",
                "inputmode": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    password = SecretField(label=_("Password"), autocomplete="current-password")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                **FOCUS,
            }
        ),
    )


class AddressForm(forms.Form):
    email = AddressField()


class NewAddressForm(forms.Form):
    email = AddressField(label=_("New e-mail address"))


class NewPasswordForm(forms.Form):
    password = NewSecretField()


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=4 * passkeys.LONGEST_NAME,
        help_text=_("So that you tell it from others: “Work laptop”, “Blue security key”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SectionForm(forms.Form):
    """One section of the settings: it carries what it showed, so that two tabs never overwrite each other
    unseen.
    """

    section: ClassVar[str]
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    @classmethod
    def shown(cls, account: Account) -> Self:
        """The section as it is saved now."""
        values = {name: getattr(account, name) for name in profile.SECTIONS[cls.section]}
        return cls(initial={**values, "seen": profile.seen(account, cls.section)}, prefix=cls.section)


class NameForm(SectionForm):
    section = "name"
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=4 * profile.LONGEST_NAME,
        help_text=_("As the people you work with here see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class RegionForm(SectionForm):
    section = "region"
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the pages after you sign in, and of the messages we send you."),
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=country_choices, widget=forms.Select(attrs={"autocomplete": "country"})
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Dates and times are shown in it.")
    )


class CurrencyForm(SectionForm):
    section = "currency"
    currency = forms.ChoiceField(
        label=_("Reference currency"),
        choices=currency_choices,
        help_text=_("Amounts in other currencies are compared in it."),
    )


SECTION_FORMS: Final = {form.section: form for form in (NameForm, RegionForm, CurrencyForm)}
