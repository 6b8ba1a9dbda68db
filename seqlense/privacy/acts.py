"""Proof rows: what was done, by whom, under which version of the register. Written, never changed."""

from datetime import datetime
from uuid import UUID

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import running
from seqlense.privacy.actor import Actor
from seqlense.privacy.log import openings
from seqlense.privacy.records import Act, StaffAct


def record(kind: str, *, actor: Actor, now: datetime, subject: UUID | None = None, **detail: object) -> Act:
    """Write a proof row in the caller's transaction; the database adds its leaf of the log.

    kind: "room.verb", such as "accounts.closed". detail: codes, counts, opaque ids; never personal data.
    """
    identifier = uuid7()
    opening = openings.drawn(identifier, subject)
    return Act.objects.create(
        id=identifier,
        at=now,
        kind=kind,
        actor_kind=actor.kind,
        actor_part=actor.part,
        actor_subject=actor.subject,
        subject=subject,
        register_version=running.enlist(now),
        detail={name: _plain(value) for name, value in detail.items()},
        salt=opening.salt,
        opening=opening.sealed,
    )


def record_staff(
    kind: str, *, actor: Actor, subject: UUID, reason: str, now: datetime, **detail: object
) -> StaffAct:
    """Note that a member of staff read or changed somebody's data, with the reason that they typed.

    The reason is sealed, and part of what the person may see; a proof row without it goes with it.
    """
    record(kind, actor=actor, now=now, subject=subject, **detail)
    act = StaffAct(subject_id=subject, at=now, kind=kind, author=actor.subject, reason=reason)
    act.save()
    return act


def _plain(value: object) -> object:
    """A JSON value; identifiers and moments as text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)
