"""Data keys: one for each person in each activity, wrapped under the epoch's key."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import batched
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from seqlense.privacy.keystore import inhand, vault
from seqlense.privacy.keystore.envelope import Key, Secret
from seqlense.privacy.keystore.errors import EpochKeyDamaged, EpochKeyMissing

if TYPE_CHECKING:
    from seqlense.privacy.keystore.inhand import Pair

_FEW = 3
_SELECT_AT_ONCE = 20_000
_DESTROY_AT_ONCE = 5_000
OPENINGS: Final = "proofs"
"""Not an activity: the key under which what opens somebody's entries of the log is sealed."""
_WRAPPED = b"seqlense data key\x00"


def place_of(subject: UUID, activity: str) -> bytes:
    """What a wrapped data key is bound to."""
    return place_as_stored(subject.bytes, activity)


def place_as_stored(subject: bytes, activity: str) -> bytes:
    """The same, from the 16 bytes of the subject's id."""
    return _WRAPPED + subject + activity.encode()


def keys_for(pairs: Collection[Pair]) -> dict[Pair, Key]:
    """The living keys of these (subject, activity) pairs, in one statement; a destroyed one is absent.

    Raises a KeystoreError if the keystore can't be used.
    """
    in_hand = inhand.held()
    found = {pair: key for pair in pairs if (key := in_hand.get(pair)) is not None}
    wanted = set(pairs).difference(found)
    if not wanted:
        return found
    vault.installation()
    subjects = {subject for subject, _ in wanted}
    if len(subjects) == 1:  # somebody at work: what they do is about to be proven
        wanted.update((subject, OPENINGS) for subject in subjects)
    for some in batched(subjects, _SELECT_AT_ONCE, strict=False):
        found.update(_unwrapped(some, {activity for _, activity in wanted}, wanted))
    in_hand.update(found)
    return {pair: key for pair, key in found.items() if pair in pairs}


def mint(pairs: Collection[Pair]) -> dict[Pair, Key]:
    """The keys of these pairs, made where there is none. Two at once make one.

    In a transaction of the keystore's own: should the caller's fail, a key without data is left, which is
    harmless.
    """
    found = keys_for(pairs)
    missing = set(pairs).difference(found)
    if not missing:
        return found
    with vault.writing() as row:
        wrapping = vault.epoch_key(row.epoch)
        new = [
            [
                vault.id_of(subject),
                activity,
                row.epoch,
                wrapping.wrap(Secret.new(), place_of(subject, activity)),
            ]
            for subject, activity in sorted(missing)
        ]
        with vault.connection().cursor() as cursor:
            cursor.executemany(
                "INSERT INTO keystore_datakey (subject_id, activity, epoch, wrapped) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                new,
            )
    return found | keys_for(missing)


def living(pairs: Collection[Pair]) -> set[Pair]:
    """Those of these pairs that have a key right now: asked of the keystore, whatever is in hand."""
    rows = _wrapped({subject for subject, _ in pairs}, {activity for _, activity in pairs})
    return {pair for pair, _epoch, _wrapped_key in rows}.intersection(pairs)


def of_people(subjects: Collection[UUID]) -> list[Pair]:
    """Which keys these people have."""
    found: list[Pair] = []
    for some in batched(subjects, _SELECT_AT_ONCE, strict=False):
        with vault.connection().cursor() as cursor:
            cursor.execute(
                "SELECT subject_id, activity FROM keystore_datakey"  # noqa: S608 (a fixed column)
                f" WHERE {vault.among('subject_id')}",
                [vault.many(some)],
            )
            found += [(vault.as_uuid(subject), activity) for subject, activity in cursor.fetchall()]
    return found


def as_stored(pair: Pair) -> tuple[int, bytes]:
    """A key as the keystore and its copies hold it: epoch, and wrapped. LookupError if there is none."""
    for _pair, epoch, wrapped in _wrapped([pair[0]], [pair[1]]):
        return epoch, wrapped
    raise LookupError("There is no such key.")


def destroy(pairs: Iterable[Pair]) -> int:
    """Destroy the keys of these pairs, in short transactions; how many there were (fewer if some were gone).

    What they sealed can't be read from then on, in the data and in each of its backups; in a copy of the
    keystore itself, from the next rotation on.
    """
    if not vault.available():
        return 0
    destroyed = 0
    by_activity: dict[str, list[UUID]] = {}
    for subject, activity in pairs:
        by_activity.setdefault(activity, []).append(subject)
    for activity, subjects in by_activity.items():
        for some in batched(sorted(subjects, key=_by_number), _DESTROY_AT_ONCE, strict=False):
            destroyed += _delete(
                f"activity = %s AND {vault.among('subject_id')}", [activity, vault.many(some)]
            )
    inhand.forget()
    return destroyed


_by_number = attrgetter("int")
"""The order of ids, told much faster than by comparing them."""


def destroy_all_of(subjects: Iterable[UUID]) -> int:
    """Destroy every key of these people, whatever the activity; how many there were."""
    if not vault.available():
        return 0
    destroyed = 0
    for some in batched(sorted(subjects), _DESTROY_AT_ONCE, strict=False):
        destroyed += _delete(vault.among("subject_id"), [vault.many(some)])
    inhand.forget()
    return destroyed


def destroy_last(subjects: Iterable[UUID], activity: str) -> int:
    """Destroy these people's keys in that activity where they are the only ones left; how many."""
    alone = (
        "NOT EXISTS (SELECT 1 FROM keystore_datakey AS other"
        " WHERE other.subject_id = keystore_datakey.subject_id"
        " AND other.activity <> keystore_datakey.activity)"
    )
    destroyed = 0
    for some in batched(sorted(subjects), _DESTROY_AT_ONCE, strict=False):
        named = f"activity = %s AND {vault.among('subject_id')}"
        destroyed += _delete(f"{named} AND {alone}", [activity, vault.many(some)])
    inhand.forget()
    return destroyed


def _delete(condition: str, parameters: list[Any]) -> int:
    with vault.changing() as cursor:
        cursor.execute(f"DELETE FROM keystore_datakey WHERE {condition}", parameters)  # noqa: S608 (fixed columns)
        return int(cursor.rowcount)


def _unwrapped(subjects: Collection[UUID], activities: Collection[str], wanted: set[Pair]) -> dict[Pair, Key]:
    while True:
        rows = _wrapped(subjects, activities)
        try:
            wrapping = {epoch: vault.epoch_key(epoch) for epoch in {row[1] for row in rows}}
            return {
                pair: Key(wrapping[epoch].unwrap(wrapped, place_of(*pair)))
                for pair, epoch, wrapped in rows
                if pair in wanted
            }
        except (EpochKeyMissing, EpochKeyDamaged):  # a rotation overwrites a file before it removes it
            if _wrapped(subjects, activities) == rows:  # otherwise a rotation ended in between
                raise


def _wrapped(subjects: Collection[UUID], activities: Collection[str]) -> list[tuple[Pair, int, bytes]]:
    known = {vault.id_of(subject): subject for subject in subjects}
    if len(known) == 1 and len(activities) <= _FEW:
        whose = f"subject_id = %s AND activity IN ({', '.join(['%s'] * len(activities))})"
        parameters: list[Any] = [*known, *activities]
    else:
        whose = f"{vault.among('subject_id')} AND {vault.among('activity')}"
        parameters = [vault.many(subjects), vault.many(activities)]
    with vault.connection().cursor() as cursor:
        cursor.execute(
            f"SELECT subject_id, activity, epoch, wrapped FROM keystore_datakey WHERE {whose}",  # noqa: S608 (fixed columns)
            parameters,
        )
        return [((known[row[0]], row[1]), row[2], bytes(row[3])) for row in cursor.fetchall()]
