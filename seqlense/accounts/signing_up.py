"""Opening an account. The mailbox comes first: nothing is chosen before its holder has answered.

So nobody can open an account on somebody else's address with a password of their own, and the page that asks
for an address answers the same whether it is known or not: the mail alone differs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.dispatch import Signal

from seqlense import mailing
from seqlense.accounts import events, links, passwords, profile, throttling
from seqlense.accounts.errors import AddressTaken
from seqlense.accounts.models import Account, account_at
from seqlense.kit.addresses import normalise
from seqlense.privacy import acts, subjects
from seqlense.privacy.actor import Actor

opened: Final = Signal()
"""Sent inside the transaction in which an account was opened, with `account`, `no_offers` and `now`.

no_offers: the person said, where the address is collected, that they want no news or offers.
"""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a person chooses before the first mail. country: ISO 3166-1 alpha-2; language: "fr" or "en".

    no_offers: who opens the account at once wants no news or offers.
    """

    language: str
    country: str
    no_offers: bool = False


@transaction.atomic
def ask(address: str, wishes: Wishes, *, source: str, now: datetime) -> None:
    """Somebody asks for an account. Sends a link to open one or, to a known address, a word that it is known.

    Raises TooManyAttempts for a place that asks too often, InvalidAddress for what is no address.
    """
    email = normalise(address)
    profile.check_language(wishes.language)
    profile.check_country(wishes.country)
    throttling.allow(throttling.MAIL_FROM, source, now=now)
    if throttling.take(throttling.MAIL_TO, email, now=now) is not None:
        return
    account = account_at(email) or _open(email, wishes, now=now)
    if account is not None and not account.leaving:
        _answer(account, wishes.language, now=now)


def _open(email: str, wishes: Wishes, *, now: datetime) -> Account | None:
    """A new account, unverified; None where another request opened it at this very moment."""
    subject = subjects.find_or_create("email", email, now=now)
    try:
        with transaction.atomic():
            account = Account(
                subject_id=subject,
                password=make_password(None),
                language=wishes.language,
                country=wishes.country,
                created_at=now,
                unverified_since=now,
            )
            account.email = email
            account.save(force_insert=True)
    except IntegrityError:
        return None
    acts.record("accounts.sign_up_asked", actor=Actor.person(subject), now=now, subject=subject)
    return account


def _answer(account: Account, language: str, *, now: datetime) -> None:
    if account.verified_at is None:
        links.send(account, links.Purpose.VERIFY, language=language, now=now)
    else:
        mailing.post(
            template="accounts.known",
            subject=account.subject_id,
            about=account.pk,
            language=account.language,
            now=now,
        )


@transaction.atomic
def verify(token: str, *, name: str, password: str | None, now: datetime, no_offers: bool = False) -> Account:
    """The holder of the mailbox opens the account, with a password, or without one to add a passkey next.

    Raises LinkRefused, WeakPassword, InvalidChoice.
    """
    link = links.use(token, links.Purpose.VERIFY, now=now)
    account = link.account
    _begin(account, name=name, password=password, no_offers=no_offers, now=now)
    return account


def _begin(account: Account, *, name: str, password: str | None, no_offers: bool, now: datetime) -> None:
    account.name = profile.name_of(name)
    if password is not None:
        account.password = make_password(passwords.accept(password, email=account.email, name=account.name))
    account.verified_at = now
    account.unverified_since = None
    account.save(update_fields=["name", "password", "verified_at", "unverified_since"])
    events.note(account, "signed_up", actor=Actor.person(account.subject_id), now=now)
    opened.send(sender=Account, account=account, no_offers=no_offers, now=now)


@transaction.atomic
def open_proven(address: str, wishes: Wishes, *, name: str, password: str | None, now: datetime) -> Account:
    """An account for whoever proved to hold that mailbox by other means, an invitation sent there for one.

    An account that waited for its verification is completed; raises `AddressTaken` for one that is open.
    """
    email = normalise(address)
    account = account_at(email) or _open(email, wishes, now=now)
    if account is None or account.verified_at is not None:
        raise AddressTaken
    links.replace(account, links.Purpose.VERIFY, now=now)
    _begin(account, name=name, password=password, no_offers=wishes.no_offers, now=now)
    return account
