"""Signing in. Every refusal reads the same, takes as long, and doesn't say whether the address is known."""

from dataclasses import dataclass
from datetime import datetime

from seqlense.accounts import codes, events, factors, passkeys, passwords, throttling
from seqlense.accounts.errors import CodeRefused, PasskeyRefused, SignInRefused
from seqlense.accounts.models import Account, SecurityEvent, account_at
from seqlense.kit.addresses import InvalidAddress, normalise
from seqlense.privacy.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an attempt comes from.

    source: the address on the network, used for a digest and never kept. cookie: the device cookie, if there
    is one.
    """

    source: str
    cookie: str | None


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who proved to be there. event: how, as a security event. strong: with two factors."""

    account: Account
    event: str
    strong: bool


def with_password(address: str, password: str, place: Place, *, now: datetime) -> SignedIn | Account:
    """The person is there; or the account, if a code must follow. Raises SignInRefused, TooManyAttempts."""
    try:
        email = normalise(address)
    except InvalidAddress:
        email = address.strip().casefold()[:254]
    throttling.allow_password(email, source=place.source, device=place.cookie, now=now)
    account = account_at(email)
    right = passwords.check(account, password)
    if account is None or not account.is_active or not right:
        if account is not None and account.is_active:
            _note(account, "sign_in_failed", now=now)
        raise SignInRefused
    throttling.right_password(email, source=place.source, device=place.cookie)
    if factors.has_codes(account):
        return account
    _note(account, "signed_in", now=now)
    return SignedIn(account=account, event="signed_in", strong=False)


def with_code(account: Account, code: str, *, now: datetime) -> SignedIn:
    """The second step, after the right password. Raises CodeRefused, TooManyAttempts.

    A wrong code means that somebody has the password: its holder is written to, once an hour at most.
    """
    codes.allow(account, now=now)
    try:
        event = codes.check(account, code, now=now)
    except CodeRefused:
        failed = _note(account, "code_failed", now=now)
        if throttling.take(throttling.CODE_TOLD, str(account.pk), now=now) is None:
            events.tell(account, failed, now=now)
        raise
    throttling.forgive(throttling.CODE, str(account.pk))
    _note(account, event, now=now)
    return SignedIn(account=account, event=event, strong=True)


def with_passkey(answer: str, *, now: datetime) -> SignedIn:
    """One step: the passkey says who, and the device has verified its user. Raises PasskeyRefused."""
    account = passkeys.sign_in(answer, now=now)
    _note(account, "signed_in_passkey", now=now)
    return SignedIn(account=account, event="signed_in_passkey", strong=True)


def confirm(account: Account, *, password: str, passkey: str, now: datetime) -> None:
    """The person signed in proves to be there, by password or passkey. Raises SignInRefused, PasskeyRefused,
    TooManyAttempts."""
    throttling.allow(throttling.CONFIRM, str(account.pk), now=now)
    try:
        if passkey:
            passkeys.confirm(account, passkey, now=now)
        elif not passwords.check(account, password):
            raise SignInRefused
    except (SignInRefused, PasskeyRefused):
        _note(account, "sign_in_failed", now=now)
        raise
    throttling.forgive(throttling.CONFIRM, str(account.pk))
    _note(account, "confirmed", now=now)


def left(account: Account, *, now: datetime) -> None:
    """The person signed out."""
    _note(account, "signed_out", now=now)


def _note(account: Account, kind: str, *, now: datetime) -> SecurityEvent:
    return events.note(account, kind, actor=Actor.person(account.subject_id), now=now)
