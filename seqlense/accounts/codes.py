"""Codes from an application (TOTP, RFC 6238) as second factor, and recovery codes for when it is lost."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

import pyotp
from django.db import transaction

from seqlense.accounts import events, factors, passkeys, throttling
from seqlense.accounts.errors import CodeRefused
from seqlense.accounts.models import Account, CodeGenerator, RecoveryCode
from seqlense.privacy.actor import Actor

STEP: Final = 30
DRIFT: Final = 1
SETTING_UP: Final = timedelta(minutes=30)
RECOVERY_CODES: Final = 10
GROUP: Final = 5
GROUPS: Final = 5
ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@transaction.atomic
def begin(account: Account, *, now: datetime) -> CodeGenerator:
    """A generator with a fresh secret, worth nothing until a code confirms it. One begun a few minutes before
    goes on; an older one doesn't, as somebody else may have looked at it.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    row = CodeGenerator.objects.filter(account=account).first()
    if row is not None:
        if row.confirmed_at is not None:
            raise CodeRefused("accounts.code.on")
        if now - row.created_at < SETTING_UP:
            return row
        row.delete()
    row = CodeGenerator(subject_id=account.subject_id, account=account, created_at=now)
    row.secret = pyotp.random_base32(32)
    row.save(force_insert=True)
    return row


def address_of(generator: CodeGenerator, account: Account) -> str:
    """The `otpauth://` address that an application reads from a picture."""
    issuer = passkeys.relying_party()[0]
    return pyotp.TOTP(generator.secret).provisioning_uri(name=account.email, issuer_name=issuer)


@transaction.atomic
def confirm(account: Account, code: str, *, actor: Actor, now: datetime) -> list[str]:
    """Turn codes on with a first one. Gives the recovery codes, which are shown this once. Raises
    CodeRefused.
    """
    row = CodeGenerator.objects.select_for_update().filter(account=account, confirmed_at=None).first()
    if row is None:
        raise CodeRefused("accounts.code.none")
    row.last_step = _step_of(row, code, now=now)
    row.confirmed_at = now
    row.save(update_fields=["last_step", "confirmed_at"])
    events.note(account, "codes_on", actor=actor, now=now)
    return _renew(account, now=now)


def _step_of(row: CodeGenerator, code: str, *, now: datetime) -> int:
    """The time step of a right code that was not used before; CodeRefused otherwise."""
    given = re.sub(r"[\s-]", "", code)
    if not (given.isascii() and given.isdigit() and len(given) == 6):
        raise CodeRefused
    generator, step = pyotp.TOTP(row.secret), int(now.timestamp()) // STEP
    near = range(step - DRIFT, step + DRIFT + 1)
    right = [one for one in near if hmac.compare_digest(generator.generate_otp(one), given)]
    if not right:
        raise CodeRefused
    if right[-1] <= row.last_step:
        raise CodeRefused("accounts.code.used")
    return right[-1]


@transaction.atomic
def check(account: Account, code: str, *, now: datetime) -> str:
    """Take a code, or a recovery code: "signed_in_code" or "signed_in_recovery". Raises CodeRefused,
    TooManyAttempts.
    """
    row = (
        CodeGenerator.objects.select_for_update().filter(account=account, confirmed_at__isnull=False).first()
    )
    if row is None:
        raise CodeRefused("accounts.code.none")
    if re.fullmatch(r"[\s\d-]+", code, re.ASCII) and len(re.sub(r"[\s-]", "", code)) == 6:
        row.last_step = _step_of(row, code, now=now)
        row.save(update_fields=["last_step"])
        return "signed_in_code"
    used, _ = RecoveryCode.objects.filter(account=account, digest=_digest(account, code)).delete()
    if not used:
        raise CodeRefused
    return "signed_in_recovery"


def allow(account: Account, *, now: datetime) -> None:
    """Count an attempt at a code. It comes after the right password, so strangers use up nobody's."""
    throttling.allow(throttling.CODE, str(account.pk), now=now)
    throttling.allow(throttling.CODE_BY_DAY, str(account.pk), now=now)


def recovery_left(account: Account) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(account=account).count()


@transaction.atomic
def renew_recovery(account: Account, *, actor: Actor, now: datetime) -> list[str]:
    """New recovery codes; the old ones are worth nothing from now on."""
    if not factors.has_codes(account):
        raise CodeRefused("accounts.code.none")
    events.note(account, "recovery_renewed", actor=actor, now=now)
    return _renew(account, now=now)


def _renew(account: Account, *, now: datetime) -> list[str]:
    RecoveryCode.objects.filter(account=account).delete()
    fresh = ["-".join(_group() for _ in range(GROUPS)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(
            subject_id=account.subject_id, account=account, digest=_digest(account, code), created_at=now
        )
        for code in fresh
    )
    return fresh


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP))


def _digest(account: Account, code: str) -> bytes:
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())[:64]
    return hashlib.sha256(account.pk.bytes + plain.encode()).digest()


@transaction.atomic
def stop(account: Account, *, actor: Actor, now: datetime) -> None:
    """Turn codes off; LastFactor if staff or an organisation demands them and there is no passkey."""
    Account.objects.select_for_update().get(pk=account.pk)  # no passkey goes meanwhile
    factors.may_lose_codes(account)
    CodeGenerator.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    events.note(account, "codes_off", actor=actor, now=now)
