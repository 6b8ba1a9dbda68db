"""WebAuthn challenges that need no storage until they are answered, and are answered once.

A challenge is a random number, its end, and a proof that we made them for this purpose and person.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from seqlense.accounts import digests
from seqlense.accounts.errors import PasskeyRefused
from seqlense.accounts.models import SpentChallenge

LIFE: Final = timedelta(minutes=15)
RANDOM: Final = 16
END: Final = 8
STALE: Final = PasskeyRefused("accounts.passkey.challenge").code


def issue(purpose: str, holder: str, *, now: datetime) -> bytes:
    """A challenge for that purpose and person ("" for whoever signs in)."""
    body = secrets.token_bytes(RANDOM) + int((now + LIFE).timestamp()).to_bytes(END)
    return body + _proof(purpose, holder, body)


def _proof(purpose: str, holder: str, body: bytes, key: str = "") -> bytes:
    return digests.mac(f"challenge.{purpose}", holder, body.hex(), key=key)


def spend(challenge: bytes, purpose: str, holder: str, *, now: datetime) -> None:
    """Take the answer to a challenge; PasskeyRefused if it isn't ours, is too old, or was answered before."""
    body, proof = challenge[: RANDOM + END], challenge[RANDOM + END :]
    ours = digests.same(proof, lambda key: _proof(purpose, holder, body, key))
    if len(body) != RANDOM + END or not ours:
        raise PasskeyRefused(STALE)
    end = int.from_bytes(body[RANDOM:])
    if end <= now.timestamp():
        raise PasskeyRefused(STALE)
    SpentChallenge.objects.filter(expires_at__lt=now).delete()
    try:
        with transaction.atomic():
            SpentChallenge.objects.create(
                digest=hashlib.sha256(challenge).digest(), expires_at=datetime.fromtimestamp(end, UTC)
            )
    except IntegrityError:
        raise PasskeyRefused(STALE) from None
