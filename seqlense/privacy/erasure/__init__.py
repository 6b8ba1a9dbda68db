"""Erasure (GDPR art. 17), decided for each data item: gone now, or kept until a date because a law says so.

Nothing is refused whole because one item is held. What is kept leaves the tables that live code reads, unless
it is still needed in place, and goes by itself when its date comes. One transaction: one look, one compiled
statement, proof and answer within it; keys right after.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import destruction, proof_sql, reach, requests, running, signals
from seqlense.privacy.actor import Actor
from seqlense.privacy.erasure.decision import Decision, ItemOutcome, decide
from seqlense.privacy.erasure.steps_sql import erasing
from seqlense.privacy.models import Subject

RIGHTS_REQUEST = "privacy.RightsRequest"

__all__ = ["Decision", "ItemOutcome", "UnknownSubject", "erase", "preview"]


class UnknownSubject(LookupError):
    """No such person, or one erased already with nothing left to erase."""

    code = "unknown-subject"


def preview(subject: UUID, *, now: datetime) -> Decision:
    """What `erase` would do, item by item. Writes nothing."""
    with reach.maintenance():
        return decide(subject, now=now)


def erase(subject: UUID, *, actor: Actor, now: datetime, channel: str = "product") -> Decision:
    """Erase what may go of a person, archive what a law or a hold keeps; say so for each item.

    Wholly done or wholly not. Rooms hear `signals.erasing` before, inside the transaction, and `erased` after
    commit; keys of activities with nothing left are destroyed right after commit, by another process if this
    one dies. What opens the act's entry of the log is in the decision, for the person; the request keeps it
    for as long as the register keeps requests.
    Raises UnknownSubject, and whatever a room's receiver refuses with.
    """
    with _prepared(), transaction.atomic():
        again = _claim(subject)
        signals.erasing.send(sender=Subject, subject=subject, actor=actor, now=now)
        with reach.maintenance(savepoint=False):
            decision = _erase(subject, actor=actor, now=now, channel=channel, again=again)
        transaction.on_commit(lambda: _tell(subject, now), robust=True)
    return decision


@contextmanager
def _prepared() -> Iterator[None]:
    """PostgreSQL keeps the plans of statements that come again: planning ours takes longer than running."""
    connection.ensure_connection()
    driver = connection.connection
    before, driver.prepare_threshold = driver.prepare_threshold, 2
    try:
        yield
    finally:
        driver.prepare_threshold = before


def _claim(subject: UUID) -> bool:
    """Take the turn to delete, then lock the person, so that no row about them can be added meanwhile.

    Whether they were erased before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [destruction.DELETING, subject])
        found = cursor.fetchone()
    if found is None:
        raise UnknownSubject
    return bool(found[0])


_CLAIM = (
    "with turn as materialized (select pg_advisory_xact_lock(%s)) "
    "select s.erased_at is not null from privacy_subject s, turn where s.id = %s for update of s"
)


def _erase(subject: UUID, *, actor: Actor, now: datetime, channel: str, again: bool) -> Decision:
    decision = decide(subject, now=now)
    if again and not _is_anything_left(decision):
        raise UnknownSubject
    compiled, version, request = erasing(), running.enlist(now), uuid7()
    keys = destruction.all_but(subject, decision.activities_kept, now=now, handles=not decision.in_place)
    outcome = [one.as_codes() for one in decision.items]
    detail = {"request": str(request), "kept": sorted(decision.activities_kept), "items": outcome}
    proof = proof_sql.parameters(actor, version=version, detail=json.dumps(detail), about=subject)
    with connection.cursor() as cursor:
        cursor.execute(
            compiled.act(decision.seen, holds=bool(decision.held), archived=decision.archived),
            {
                **compiled.parameters(subject, now, decision.held),
                **proof,
                "in_place": decision.in_place,
                "request": request,
                "channel": channel,
                "due_on": requests.due_on(now),
                "outcome": json.dumps(outcome),
                "opening_kept": proof["salt"].hex(),
                "keys": keys.pk,
                "useless": keys.activities,
                "handles": keys.handles,
            },
        )
    signals.destroying.send(sender=Subject)
    return replace(decision, act=proof["proof"], salt=proof["salt"])


def _is_anything_left(decision: Decision) -> bool:
    """Anything but what an erasure leaves: its own record, and what a law or a hold keeps out of reach."""
    tables = (erasing().parts[number].plan.entry.model for number in decision.seen)
    return bool(decision.erased) or any(one != RIGHTS_REQUEST for one in tables)


def _tell(subject: UUID, now: datetime) -> None:
    signals.erased.send(sender=Subject, subject=subject, now=now)
