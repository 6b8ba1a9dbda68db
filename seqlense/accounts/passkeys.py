"""Passkeys (WebAuthn level 3): discoverable, with user verification, so one is enough to sign in."""

import json
import struct
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from django.conf import settings
from django.db import IntegrityError, transaction
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from seqlense.accounts import challenges, events, factors
from seqlense.accounts.errors import InvalidChoice, PasskeyRefused
from seqlense.accounts.models import Account, Passkey
from seqlense.kit.text import InvalidText, clean_name
from seqlense.privacy.actor import Actor

LONGEST_NAME: Final = 60
MOST: Final = 20
LONGEST_ANSWER: Final = 20_000
ADD: Final = "add-passkey"
SIGN_IN: Final = "sign-in"
CONFIRM: Final = "confirm"
# Beside its own refusals, the library lets through what decoding nonsense raises.
MALFORMED: Final = (WebAuthnException, ValueError, TypeError, LookupError, struct.error)


def relying_party() -> tuple[str, str]:
    """Our id (host name) and origin, for browsers."""
    parts = urlsplit(settings.SEQLENSE_PUBLIC_URL)
    return parts.hostname or "", f"{parts.scheme}://{parts.netloc}"


def of(account: Account) -> list[Passkey]:
    """The account's passkeys, the oldest first."""
    return list(Passkey.objects.filter(account=account).order_by("created_at"))


def offer_to_add(account: Account, *, now: datetime) -> str:
    """Options for `navigator.credentials.create()`, as JSON."""
    rp_id, _ = relying_party()
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name=rp_id,
        user_id=account.pk.bytes,
        user_name=account.email,
        user_display_name=account.called,
        challenge=challenges.issue(ADD, str(account.pk), now=now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(account),
    )
    return webauthn.options_to_json(options)


def _descriptors(account: Account) -> list[PublicKeyCredentialDescriptor]:
    known = {one.value for one in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(one.credential_id),
            transports=[AuthenticatorTransport(name) for name in one.transports if name in known],
        )
        for one in Passkey.objects.filter(account=account)
    ]


@transaction.atomic
def add(account: Account, answer: str, *, name: str, actor: Actor, now: datetime) -> Passkey:
    """Keep a new passkey. answer: JSON of the browser's credential. PasskeyRefused or InvalidChoice."""
    called = _name(name)
    Account.objects.select_for_update().get(pk=account.pk)
    if account.passkeys.count() >= MOST:
        raise PasskeyRefused("accounts.passkey.many")
    rp_id, origin = relying_party()
    try:
        credential = parse_registration_credential_json(_parsed(answer))
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        challenges.spend(challenge, ADD, str(account.pk), now=now)
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except MALFORMED:
        raise PasskeyRefused from None
    row = Passkey(
        subject_id=account.subject_id,
        account=account,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=[one.value for one in credential.response.transports or []],
        synced=verified.credential_backed_up,
        created_at=now,
    )
    row.name = called
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise PasskeyRefused("accounts.passkey.known") from None
    events.note(account, "passkey_added", actor=actor, now=now)
    return row


def offer_to_sign_in(*, now: datetime) -> str:
    """Options for `navigator.credentials.get()`, as JSON, for whoever it will be: the passkey says who."""
    return _offer(SIGN_IN, "", [], now=now)


def offer_to_confirm(account: Account, *, now: datetime) -> str:
    """Options for `navigator.credentials.get()`, as JSON, for that person alone."""
    return _offer(CONFIRM, str(account.pk), _descriptors(account), now=now)


def _offer(purpose: str, holder: str, allowed: list[PublicKeyCredentialDescriptor], *, now: datetime) -> str:
    options = webauthn.generate_authentication_options(
        rp_id=relying_party()[0],
        challenge=challenges.issue(purpose, holder, now=now),
        allow_credentials=allowed,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def sign_in(answer: str, *, now: datetime) -> Account:
    """Whose passkey answered; PasskeyRefused if none of ours did, or its account may not sign in."""
    return _verified(answer, SIGN_IN, "", now=now)


def confirm(account: Account, answer: str, *, now: datetime) -> None:
    """The person is there: one of the account's own passkeys answered; else PasskeyRefused."""
    if _verified(answer, CONFIRM, str(account.pk), now=now).pk != account.pk:
        raise PasskeyRefused


@transaction.atomic
def _verified(answer: str, purpose: str, holder: str, *, now: datetime) -> Account:
    rp_id, origin = relying_party()
    try:
        credential = parse_authentication_credential_json(_parsed(answer))
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        challenges.spend(challenge, purpose, holder, now=now)
        row = Passkey.objects.select_for_update().filter(credential_id=credential.raw_id).first()
        if row is None:
            raise PasskeyRefused("accounts.passkey.unknown")
        handle = credential.response.user_handle
        if handle is not None and handle != row.account_id.bytes:
            raise PasskeyRefused
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except MALFORMED:
        raise PasskeyRefused from None
    Passkey.objects.filter(pk=row.pk).update(
        sign_count=verified.new_sign_count, synced=verified.credential_backed_up, last_used_at=now
    )
    if not row.account.is_active:
        raise PasskeyRefused
    return row.account


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        raise PasskeyRefused from None
    if not isinstance(found, dict):
        raise PasskeyRefused
    return found


@transaction.atomic
def rename(account: Account, passkey: UUID, *, name: str, actor: Actor, now: datetime) -> bool:
    """Call a passkey otherwise; False if the account has none by that id."""
    row = Passkey.objects.filter(account=account, pk=passkey).first()
    if row is None:
        return False
    row.name = _name(name)
    row.save(update_fields=["name"])
    events.note(account, "passkey_renamed", actor=actor, now=now)
    return True


@transaction.atomic
def remove(account: Account, passkey: UUID, *, actor: Actor, now: datetime) -> bool:
    """Take a passkey away. False if the account has none by that id; LastFactor if nothing would be left to
    sign in by, or not what staff or an organisation demands.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    own = Passkey.objects.filter(account=account)
    if not own.filter(pk=passkey).exists():
        return False
    if own.count() == 1:
        factors.may_lose_passkeys(account)
    own.filter(pk=passkey).delete()
    events.note(account, "passkey_removed", actor=actor, now=now)
    return True


def _name(text: str) -> str:
    try:
        return clean_name(text, longest=LONGEST_NAME)
    except InvalidText:
        raise InvalidChoice("accounts.choice.passkey_name") from None
