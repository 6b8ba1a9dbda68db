"""The act of erasing: one transaction, one compiled statement, proof and answer within; keys right after."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seqlense.privacy import acts, destruction, reach, requests, running, signals
from seqlense.privacy.actor import Actor
from seqlense.privacy.erasure.decision import Decision, decide
from seqlense.privacy.erasure.steps_sql import erasing
from seqlense.privacy.holds import activities_held
from seqlense.privacy.models import Subject
from seqlense.privacy.records import RightsRequest
from seqlense.privacy.turns import take_turn


class UnknownSubject(LookupError):
    """No such person, or one erased already with nothing left to erase."""

    code = "unknown-subject"


def preview(subject: UUID, *, now: datetime) -> Decision:
    """What `erase` would do, item by item. Writes nothing."""
    with reach.maintenance():
        return decide(subject, activities_held(subject, now), now=now)


def erase(subject: UUID, *, actor: Actor, now: datetime, channel: str = "product") -> Decision:
    """Erase what may go of a person, archive what a law or a hold keeps; say so for each item.

    Wholly done or wholly not. Rooms hear `signals.erasing` before, inside the transaction, and `erased` after
    commit; keys of activities with nothing left are destroyed right after commit, by another process if this
    one dies. Raises UnknownSubject, and whatever a room's receiver refuses with.
    """
    with transaction.atomic():
        take_turn()
        _claim(subject)
        signals.erasing.send(sender=Subject, subject=subject, actor=actor, now=now)
        with reach.maintenance():
            decision = _erase(subject, actor=actor, now=now, channel=channel)
        transaction.on_commit(lambda: _tell(subject, now), robust=True)
    return decision


def _claim(subject: UUID) -> None:
    """Lock the person, so that no row about them can be added meanwhile."""
    if not Subject.objects.select_for_update().filter(pk=subject).exists():
        raise UnknownSubject


def _erase(subject: UUID, *, actor: Actor, now: datetime, channel: str) -> Decision:
    held = activities_held(subject, now)
    decision = decide(subject, held, now=now)
    compiled = erasing()
    with connection.cursor() as cursor:
        cursor.execute(
            compiled.act(decision.seen, holds=bool(held), archived=decision.archived),
            compiled.parameters(subject, now, list(held)) | {"in_place": decision.in_place},
        )
        deleted = sum(count for name, count in cursor.fetchall() if name.startswith(("delete", "gone")))
    request = RightsRequest.objects.create(
        subject_id=subject,
        kind=RightsRequest.Kind.ERASURE,
        channel=channel,
        received_at=now,
        due_on=requests.due_on(now),
        answered_at=now,
        outcome=[one.as_codes() for one in decision.items],
        register_version=running.register().version,
    )
    destruction.ask_all_but(subject, decision.activities_kept, now=now, handles=not decision.in_place)
    signals.destroying.send(sender=Subject)
    acts.record(
        "privacy.erased",
        actor=actor,
        now=now,
        subject=subject,
        request=request.pk,
        rows=deleted,
        kept=sorted(decision.activities_kept),
    )
    return decision


def _tell(subject: UUID, now: datetime) -> None:
    signals.erased.send(sender=Subject, subject=subject, now=now)
