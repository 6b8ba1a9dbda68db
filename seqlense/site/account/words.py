"""What a person reads for each refusal of the accounts room: what happened, what was kept, what to do."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from seqlense.accounts import passwords
from seqlense.accounts.errors import AccountError, TooManyAttempts

WORDS: Final = {
    "accounts.password.short": gettext_lazy(
        "Use at least %(shortest)s characters. Several words in a row are easy to remember."
    ),
    "accounts.password.long": gettext_lazy("Use at most %(longest)s characters."),
    "accounts.password.known": gettext_lazy(
        "This password is on lists that were stolen elsewhere, so others will try it. Choose another one."
    ),
    "accounts.password.simple": gettext_lazy(
        "This password repeats or counts, so it is soon guessed. Choose several unrelated words."
    ),
    "accounts.password.personal": gettext_lazy(
        "This password is made of your name, your address or our name. Choose other words."
    ),
    "accounts.password.text": gettext_lazy("This password holds characters that no keyboard can type again."),
    "accounts.sign-in.refused": gettext_lazy(
        "This address and this password don't go together. Check both, or have a link sent "
        "to set a new password."
    ),
    "accounts.code.wrong": gettext_lazy(
        "This code is not the right one. Check that the time of your phone is set by itself, and type "
        "the next code."
    ),
    "accounts.code.used": gettext_lazy("This code was used already. Wait for the next one."),
    "accounts.code.none": gettext_lazy("Codes are no longer being set up. Begin again."),
    "accounts.passkey.refused": gettext_lazy("The passkey's answer was not accepted. Try again."),
    "accounts.passkey.challenge": gettext_lazy(
        "The question put to your passkey is too old or was answered before. Try again: it is a new one now."
    ),
    "accounts.passkey.unknown": gettext_lazy(
        "This passkey is not known here any more. Remove it from your device, and sign in another way."
    ),
    "accounts.passkey.known": gettext_lazy("This passkey is already on an account."),
    "accounts.passkey.many": gettext_lazy("You have as many passkeys as we keep. Remove one first."),
    "accounts.last-factor": gettext_lazy(
        "Without it you could no longer sign in as you must. Add another way first: a passkey, "
        "a password or codes."
    ),
    "accounts.choice.name": gettext_lazy(
        "A name has at most 120 characters, on one line, without control characters or the address of a page."
    ),
    "accounts.choice.passkey_name": gettext_lazy("A name has 1 to 60 characters, on one line."),
    "accounts.choice.language": gettext_lazy("Choose a language from the list."),
    "accounts.choice.country": gettext_lazy("Choose a country from the list."),
    "accounts.choice.time_zone": gettext_lazy("Choose a time zone from the list."),
    "accounts.choice.currency": gettext_lazy("Choose a currency from the list."),
    "accounts.choice.same_email": gettext_lazy("This is the address you have already."),
    "address-empty": gettext_lazy("Type an e-mail address."),
    "address-too-long": gettext_lazy("This address is too long to exist."),
    "address-malformed": gettext_lazy(
        "This is not an e-mail address we can write to, such as name@example.com."
    ),
    "accounts.paused": gettext_lazy(
        "Too many passwords were tried for this address, so passwords pause here for a while. A browser "
        "you signed in with before, a passkey, or a link sent to your mailbox still let you in."
    ),
}


def of(code: str) -> str:
    """The sentence for a code."""
    figures = {"shortest": passwords.SHORTEST, "longest": passwords.LONGEST}
    return str(WORDS[code]) % figures


def of_error(error: AccountError) -> str:
    """The sentence for a refusal."""
    if isinstance(error, TooManyAttempts) and not error.paused:
        return wait(error.again_in)
    return of(error.code)


def wait(time_left: timedelta) -> str:
    """Too many attempts, and for how long."""
    minutes = max(1, -(-int(time_left.total_seconds()) // 60))
    text = ngettext(
        "Too many attempts. The next one is taken in a minute.",
        "Too many attempts. The next one is taken in %(minutes)s minutes.",
        minutes,
    )
    return text % {"minutes": minutes}


def confirmation_by_mail() -> str:
    """Said after any request that sends a mail, whoever holds the address."""
    return _("If this address has an account here, a link is on its way.")
