"""Erasure (GDPR art. 17), decided for each data item: gone now, or kept until a date because a law says so.

Nothing is refused whole because one item is held. What is kept leaves the tables that live code reads, unless
it is still needed in place, and goes by itself when its date comes. One transaction: one look, one compiled
statement, proof and answer within it; keys right after.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import destruction, plans, proof_sql, reach, requests, running, signals
from seqlense.privacy.actor import Actor
from seqlense.privacy.erasure.decision import Decision, ItemOutcome, decide
from seqlense.privacy.erasure.steps_sql import erasing
from seqlense.privacy.models import Subject
from seqlense.privacy.switches.lines import RESTORING, Line

RIGHTS_REQUEST: Final = "privacy.RightsRequest"

__all__ = ["REPLAYED", "Decision", "ItemOutcome", "UnknownSubject", "erase", "preview", "replay"]


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
    with plans.kept(), transaction.atomic():
        erased_before = _claim(subject, now)
        signals.erasing.send(sender=Subject, subject=subject, actor=actor, now=now)
        with reach.maintenance(savepoint=False):
            decision = _erase(subject, actor=actor, now=now, channel=channel)
            if erased_before and not _was_anything_left(decision):
                raise UnknownSubject
        transaction.on_commit(lambda: _tell(subject, now), robust=True)
    return decision


REPLAYED: Final = ("privacy.erased",)
"""Acts that a restored database goes through again."""


def replay(raw: object, *, now: datetime) -> Decision | None:
    """Erase again, in a restored database, somebody erased since its backup: a line of the journal.

    All of it is dated as it was: the request is the same request, what a law keeps goes on the same day.
    Nobody is written to. None where there is nothing to do: that person isn't there, or is erased already.
    """
    line = Line.read(raw)
    known = Subject.objects.filter(pk=line.subject).first() if line.subject else None
    if known is None or (known.erased_at is not None and known.erased_at >= line.at):
        return None
    subject, at = known.pk, line.at
    with plans.kept(), transaction.atomic():
        _claim(subject, at)
        signals.erasing.send(sender=Subject, subject=subject, actor=RESTORING, now=at, replayed=True)
        with reach.maintenance(savepoint=False):
            decision = _erase(subject, actor=RESTORING, now=at, channel=_channel(line), again=(line, now))
        transaction.on_commit(lambda: _tell(subject, at), robust=True)
    return decision


def _channel(line: Line) -> str:
    return str(line.detail.get("channel", "product"))


def _claim(subject: UUID, now: datetime) -> bool:
    """Take the turn to delete, then lock the person, so that no row about them can be added meanwhile.

    Whether they were erased before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [destruction.DELETING, subject])
        found = cursor.fetchone()
        if found is None:
            raise UnknownSubject
        cursor.execute(_MOOT, [now, subject])
    return bool(found[0])


_CLAIM = (
    "with turn as materialized (select pg_advisory_xact_lock(%s)) "
    "select s.erased_at is not null from privacy_subject s, turn where s.id = %s for update of s"
)
_MOOT = (
    """update privacy_rightsrequest set answered_at = %s, outcome = '[{"outcome": "moot"}]' """
    "where subject_id = %s and kind = 'objection' and answered_at is null"
)
"""An objection that waited has nothing left to be about. By itself, as the claim may have waited for one."""


def _erase(
    subject: UUID, *, actor: Actor, now: datetime, channel: str, again: tuple[Line, datetime] | None = None
) -> Decision:
    """again: the line of the journal that this does again, and when."""
    decision = decide(subject, now=now)
    compiled, version, request = erasing(), running.enlist(now), uuid7()
    if again is not None:
        request = again[0].identifier("request") or request
    keys = destruction.all_but(subject, decision.activities_kept, now=now, handles=not decision.in_place)
    outcome = [one.as_codes() for one in decision.items]
    detail: dict[str, Any] = {"request": str(request), "kept": sorted(decision.activities_kept)}
    detail |= {"items": outcome, "channel": channel}
    if again is not None:
        detail |= {"index": again[0].index, "at": now.isoformat()}
    proof = proof_sql.parameters(actor, version=version, detail=json.dumps(detail), about=subject)
    with connection.cursor() as cursor:
        cursor.execute(
            compiled.act(
                decision.seen, holds=bool(decision.held), archived=decision.archived, again=again is not None
            ),
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
                **({} if again is None else {"again": again[1]}),
            },
        )
    signals.destroying.send(sender=Subject)
    return replace(decision, act=proof["proof"], salt=proof["salt"])


def _was_anything_left(decision: Decision) -> bool:
    """Anything but what an erasure leaves: its own record, and what a law or a hold keeps out of reach."""
    tables = (erasing().parts[number].plan.entry.model for number in decision.seen)
    return bool(decision.erased) or any(one != RIGHTS_REQUEST for one in tables)


def _tell(subject: UUID, now: datetime) -> None:
    signals.erased.send(sender=Subject, subject=subject, now=now)
