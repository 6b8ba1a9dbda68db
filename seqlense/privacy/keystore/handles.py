"""Handles: find a person by e-mail address or phone number without keeping either.

The digest is HMAC-SHA-256 over kind and normalised value under the index key. The data and its backups hold
none; who has the keystore's file but not the epoch key can test no guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from uuid import UUID

from seqlense.privacy.keystore import vault

_AT_ONCE = 5_000


def digest(kind: str, value: str) -> bytes:
    """The 32 bytes under which a normalised value is known."""
    return vault.index_secret().digest(kind.encode(), value.encode())


def owner(kind: str, digest: bytes) -> UUID | None:
    """Whose handle that is."""
    with vault.connection().cursor() as cursor:
        cursor.execute(
            "SELECT subject_id FROM keystore_handle WHERE kind = %s AND digest = %s", [kind, digest]
        )
        row = cursor.fetchone()
    return vault.as_uuid(row[0]) if row else None


def claim(kind: str, digest: bytes, subject: UUID) -> UUID:
    """Make it the subject's unless it is somebody's already; whose it is now. Two at once: the first."""
    with vault.changing() as cursor:
        cursor.execute(
            "INSERT INTO keystore_handle (kind, digest, subject_id) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [kind, digest, vault.id_of(subject)],
        )
        if cursor.rowcount == 1:
            return subject
    return owner(kind, digest) or claim(kind, digest, subject)


def hand_over(kind: str, digest: bytes, *, of: UUID, to: UUID) -> bool:
    """Make it another subject's if it is still `of`'s; whether it was."""
    with vault.changing() as cursor:
        cursor.execute(
            "UPDATE keystore_handle SET subject_id = %s WHERE kind = %s AND digest = %s AND subject_id = %s",
            [vault.id_of(to), kind, digest, vault.id_of(of)],
        )
        return bool(cursor.rowcount)


def release(kind: str, digest: bytes, subject: UUID) -> bool:
    """Nobody's any more, if it was the subject's; whether it was."""
    with vault.changing() as cursor:
        cursor.execute(
            "DELETE FROM keystore_handle WHERE kind = %s AND digest = %s AND subject_id = %s",
            [kind, digest, vault.id_of(subject)],
        )
        return bool(cursor.rowcount)


def release_all_of(subjects: Iterable[UUID]) -> int:
    """Remove every handle of these people, in short transactions; how many there were."""
    if not vault.available():
        return 0
    released = 0
    statement = f"DELETE FROM keystore_handle WHERE {vault.among('subject_id')}"  # noqa: S608 (a fixed column)
    for some in batched(sorted(subjects), _AT_ONCE, strict=False):
        with vault.changing() as cursor:
            cursor.execute(statement, [vault.many(some)])
            released += cursor.rowcount
    return released
