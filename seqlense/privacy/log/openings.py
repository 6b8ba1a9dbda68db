"""Openings: the salts without which a leaf says nothing.

The salt of an act about a person is sealed under a key of that person's, kept for nothing else, which every
erasure destroys: from then on the log's entry can be linked to the act by nobody, the company included.
Acts about nobody keep theirs in clear.
"""

import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from seqlense.privacy import keystore, reach
from seqlense.privacy.keystore.datakeys import OPENINGS
from seqlense.privacy.keystore.envelope import Key

KEY: Final = OPENINGS
"""Under this name a person's key of openings stands in the keystore, beside those of activities."""
SALT_BYTES: Final = 32
NOWHERE: Final = b""
"""In place of a sealed opening: it isn't kept with the act."""
_PLACE = b"seqlense opening\x00"


@dataclass(frozen=True)
class Opening:
    """A salt, and what of it stays with the act: sealed; NOWHERE; or None, for the salt itself."""

    salt: bytes
    sealed: bytes | None

    def __repr__(self) -> str:
        return "<opening>"


def drawn(act: UUID, subject: UUID | None) -> Opening:
    """A new salt for an act about that person, or about nobody."""
    salt = secrets.token_bytes(SALT_BYTES)
    if subject is None or not keystore.available():
        return Opening(salt, None)
    key = _key(subject)
    return Opening(salt, key.seal(salt, _PLACE + act.bytes) if key else NOWHERE)


def unsealed(act: UUID, subject: UUID, sealed: bytes) -> bytes | None:
    """The salt; None where the key went with the person."""
    key = keystore.keys_for([(subject, KEY)]).get((subject, KEY)) if keystore.available() else None
    return unsealed_with(key, act, sealed) if key else None


def unsealed_with(key: Key, act: UUID, sealed: bytes) -> bytes:
    """The salt, with the person's key of openings."""
    return key.open(sealed, _PLACE + act.bytes)


def _key(subject: UUID) -> Key | None:
    """The person's key, made at their first act; None for somebody erased, for whom no key is made again."""
    pair = (subject, KEY)
    key = keystore.keys_for([pair]).get(pair)
    if key is None and _lives(subject):
        key = keystore.mint([pair])[pair]
    return key


def _lives(subject: UUID) -> bool:
    """Whether the person is there and not erased, and stays so until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from privacy_subject where id = %s and erased_at is null for key share", [subject]
        )
        return cursor.fetchone() is not None


def kept_by_request(request: UUID, subject: UUID) -> bytes | None:
    """The salt of the act that answered that person's request, while the register keeps it; None after."""
    with reach.maintenance(savepoint=False), connection.cursor() as cursor:
        cursor.execute(_KEPT, {"request": request, "subject": subject})
        row = cursor.fetchone()
    return bytes.fromhex(row[0]) if row and row[0] else None


_KEPT = (
    "select proof from privacy_rightsrequest where id = %(request)s::uuid union all "
    "select values ->> 'proof' from privacy_archived "
    "where subject_id = %(subject)s::uuid and model = 'privacy.rightsrequest' "
    "and row = %(request)s::text limit 1"
)
