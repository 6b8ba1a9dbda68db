"""Linking an account of another network, and unlinking it.

A linked account is there to be shown to its holder, and to be forgotten at their wish. It opens no door.
"""

import functools
import hashlib
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from seqlense.accounts.models import Account
from seqlense.audience.social.errors import Barred, NotOffered, Taken
from seqlense.audience.social.exchanging import Identity
from seqlense.audience.social.models import LinkedAccount
from seqlense.audience.social.networks import Network
from seqlense.privacy import acts, consent, destruction, running, subjects, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.errors import Erased, HandleTaken
from seqlense.privacy.models import Subject

ACTIVITY: Final = "social_networks"
PURPOSE: Final = "social_networks"
HANDLE: Final = "network"


def offered() -> tuple[Network, ...]:
    """Networks whose accounts can be linked here: configured, and recipients of the running activity."""
    activity = running.register().activities.get(ACTIVITY)
    if activity is None or not activity.active:
        return ()
    return tuple(one for one in settings.SEQLENSE_NETWORKS if one.id in activity.recipients)


def network(name: str) -> Network:
    """The offered network of that id. Raises NotOffered."""
    for one in offered():
        if one.id == name:
            return one
    raise NotOffered


def of(subject: UUID) -> list[LinkedAccount]:
    """The person's linked accounts, for themselves."""
    return list(LinkedAccount.objects.filter(subject_id=subject))


@transaction.atomic
def link(holder: Account, at: str, who: Identity, *, actor: Actor, now: datetime) -> LinkedAccount:
    """Keep that the holder of an account here is that account at that network.

    Another of theirs there is forgotten first; the same one, linked again, has its name renewed. Raises
    Barred (without consent, or while the person had the use of this data limited), Taken where the account is
    linked to somebody else.
    """
    subject = holder.subject_id
    Subject.objects.select_for_update().get(pk=subject)
    if not consent.given(subject, PURPOSE) or switches.barred(subject, ACTIVITY) is not None:
        raise Barred
    _claim(subject, at, who.id)
    before = LinkedAccount.objects.filter(subject_id=subject, network=at).first()
    if before is not None and _opened(before) == who.id:
        before.name = who.name
        before.save(update_fields=["name"])
        return before
    if before is not None:
        _forget(before)
    made = LinkedAccount(subject_id=subject, holder=holder, network=at, linked_at=now)
    made.account, made.name = who.id, who.name
    made.save(force_insert=True)
    acts.record("social.linked", actor=actor, now=now, subject=subject, network=at)
    return made


@transaction.atomic
def unlink(subject: UUID, at: str, *, actor: Actor, now: datetime) -> bool:
    """Erase what is kept of that account, at once; whether there was any. With the last the consent ends."""
    row = LinkedAccount.objects.select_for_update().filter(subject_id=subject, network=at).first()
    if row is None:
        return False
    _erase(row, actor=actor, now=now)
    if not LinkedAccount.objects.filter(subject_id=subject).exists():
        consent.withdraw(subject, PURPOSE, how="unlinked", actor=actor, now=now)
    return True


@transaction.atomic
def refused(subject: UUID, *, actor: Actor, now: datetime) -> None:
    """The person said no at the network: a consent given for nothing ends."""
    if not LinkedAccount.objects.filter(subject_id=subject).exists():
        consent.withdraw(subject, PURPOSE, how="refused_there", actor=actor, now=now)


def erase_all(subject: UUID, *, actor: Actor, now: datetime) -> int:
    """Unlink everything, in the caller's transaction; how many."""
    rows = list(LinkedAccount.objects.select_for_update().filter(subject_id=subject))
    for row in rows:
        _erase(row, actor=actor, now=now)
    return len(rows)


def _erase(row: LinkedAccount, *, actor: Actor, now: datetime) -> None:
    subject = row.subject_id
    _forget(row)
    destruction.if_unused(subject, ACTIVITY, now=now)
    acts.record("social.unlinked", actor=actor, now=now, subject=subject, network=row.network)


def _forget(row: LinkedAccount) -> None:
    """Delete the row; right after commit the handle leads to nobody any more."""
    account = _opened(row)
    if account is not None:
        gone = functools.partial(subjects.detach, row.subject_id, HANDLE, handle(row.network, account))
        transaction.on_commit(gone, robust=True)
    LinkedAccount.objects.filter(pk=row.pk).delete()


def _opened(row: LinkedAccount) -> str | None:
    try:
        return row.account
    except Erased:
        return None


def handle(at: str, account: str) -> str:
    """What the handle of an account is made from."""
    return f"{at}:{account}"


def _claim(subject: UUID, at: str, account: str) -> None:
    """One person an account. Two who link it at once take turns, and the second is told.

    A handle may be left by a transaction that failed: who has no row for that network doesn't own one.
    """
    value = handle(at, account)
    turn = int.from_bytes(hashlib.sha256(value.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [turn])
    try:
        subjects.attach(subject, HANDLE, value)
    except HandleTaken:
        owner = subjects.find(HANDLE, value)
        if owner is not None and LinkedAccount.objects.filter(subject_id=owner, network=at).exists():
            raise Taken from None
        if owner is not None:
            subjects.detach(owner, HANDLE, value)
        subjects.attach(subject, HANDLE, value)
