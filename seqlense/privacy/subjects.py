"""People, known by opaque ids, and the handles that lead to them.

A handle is a verified e-mail address or phone number, or an account of another network ("network:id"). The
same address is the same subject in every room. Handles live in the keystore as keyed digests, in short
transactions of its own; one left by a sign-up that failed is noticed by the next.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

from django.db import connections, router, transaction

from seqlense.kit import addresses
from seqlense.privacy.errors import HandleTaken, InvalidHandle
from seqlense.privacy.keystore import handles
from seqlense.privacy.models import Subject

_PHONE = re.compile(r"\+[1-9]\d{5,14}")  # ITU-T E.164
_NETWORK = re.compile(r"[a-z_]+:.")
_LONGEST_ACCOUNT = 300
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of a row that is gone before anybody sees it
_PHONE_MARKS = re.compile(r"[\s.\-/()\u00a0\u202f]")


def create(*, now: datetime) -> UUID:
    """A new person."""
    return Subject.objects.create(created_at=now).pk


def find(kind: str, value: str) -> UUID | None:
    """Whom that "email", "phone" or "network" leads to, or None. Raises InvalidHandle."""
    owner = handles.owner(kind, _digest(kind, value))
    if owner is None or not Subject.objects.filter(pk=owner, erased_at=None).exists():
        return None
    return owner


def find_or_create(kind: str, value: str, *, now: datetime) -> UUID:
    """Whom that handle leads to; a new person if nobody. Two at once get the same. Raises InvalidHandle."""
    digest = _digest(kind, value)
    owner = handles.owner(kind, digest)
    if owner is not None and _lives(owner):
        return owner
    new = create(now=now)  # before the handle leads there: who finds it meanwhile waits for our transaction
    owner = _lead(kind, digest, to=new)
    if owner != new:
        Subject.objects.filter(pk=new).delete()
    return owner


def attach(subject: UUID, kind: str, value: str) -> None:
    """Let that handle lead to the subject. Raises InvalidHandle, or HandleTaken if it leads to another."""
    if _lead(kind, _digest(kind, value), to=subject) != subject:
        raise HandleTaken("That handle leads to another person.")


def detach(subject: UUID, kind: str, value: str) -> None:
    """Let that handle lead to the subject no more. Nothing happens if it didn't. Raises InvalidHandle."""
    handles.release(kind, _digest(kind, value), subject)


def _lead(kind: str, digest: bytes, *, to: UUID) -> UUID:
    """Let the handle lead to a person unless it leads to another living one; to whom it leads now."""
    owner = handles.claim(kind, digest, to)
    while owner != to:
        if _lives(owner):
            return owner
        # Left by a sign-up that failed, or by somebody erased whose keys may yet be destroyed.
        if handles.hand_over(kind, digest, of=owner, to=to):
            return to
        owner = handles.claim(kind, digest, to)
    return to


def _lives(subject: UUID) -> bool:
    """Whether the subject is there and not erased; waits for a transaction that is just writing it."""
    alias = router.db_for_write(Subject)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_subject (id, created_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [subject.hex if connections[alias].vendor == "sqlite" else subject, _NEVER],
        )
        if cursor.rowcount:
            Subject.objects.using(alias).filter(pk=subject).delete()
            return False
    return Subject.objects.using(alias).filter(pk=subject, erased_at=None).exists()


def _digest(kind: str, value: str) -> bytes:
    return handles.digest(kind, _normalised(kind, value))


def _normalised(kind: str, value: str) -> str:
    if kind == "email":
        try:
            return addresses.normalise(value)
        except addresses.InvalidAddress:
            raise InvalidHandle("That isn't an e-mail address.") from None
    if kind == "phone":
        number = _PHONE_MARKS.sub("", value)
        if not _PHONE.fullmatch(number):
            raise InvalidHandle("Write a phone number with its country code, such as +33 1 23 45 67 89.")
        return number
    if kind == "network":
        if len(value) > _LONGEST_ACCOUNT or not _NETWORK.match(value) or not value.isprintable():
            raise InvalidHandle("Write the network, a colon, and the account's id there.")
        return value
    raise InvalidHandle(f"A handle is an email, a phone or an account of a network, not {kind!r}.")
