"""The officer's part: decide an objection, tell of a limit's end before it comes, free what is due."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from seqlense.privacy import acts, requests
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import RightsRequest
from seqlense.privacy.switches.errors import AlreadyDecided, AlreadyLifted, ReasonMissing
from seqlense.privacy.switches.models import Compelling, Kind, RequestText, Switch
from seqlense.privacy.switches.setting import lift, outcome, tell

NOTICE: Final = timedelta(days=7)
"""Between telling the person and freeing the use: time to answer, or to go to the authority or a court."""


@transaction.atomic
def decide(
    switch: UUID, *, accepted: bool, actor: Actor, now: datetime, override: str = "", reason: str = ""
) -> Switch:
    """Decide an objection (GDPR art. 21(1)). Rejected, it still limits use until the person has been told.

    override: the compelling ground of a rejection. reason: in words for the person, sealed; a rejection needs
    both. Raises ReasonMissing, AlreadyDecided.
    """
    if not accepted and (override not in Compelling.values or not reason.strip()):
        raise ReasonMissing
    found = Switch.objects.select_for_update().get(pk=switch)
    if not found.waits:
        raise AlreadyDecided
    found.decided_at, found.accepted = now, accepted
    if not accepted:
        found.override, found.lifts_at = Compelling(override), now + NOTICE
    found.save(update_fields=["decided_at", "accepted", "override", "lifts_at"])
    _write(found, reason, now=now)
    if found.request_id is not None:
        request = RightsRequest.objects.get(pk=found.request_id)
        said = outcome(found, "accepted" if accepted else "rejected")
        requests.answer(request, [said], actor=actor, now=now)
    act = acts.record(
        "privacy.objection_decided", actor=actor, now=now, subject=found.subject_id, switch=found.pk,
        activity=found.activity, request=found.request_id, accepted=accepted, override=found.override,
        lifts_at=found.lifts_at.isoformat() if found.lifts_at else None,
    )  # fmt: skip
    tell(found, act, now=now)
    return found


@transaction.atomic
def announce(switch: UUID, *, actor: Actor, now: datetime, reason: str = "") -> Switch:
    """Tell the person that a limit ends in `NOTICE`; it ends then (GDPR art. 18(3)). Raises AlreadyLifted.

    What the person withdrew or objected to with success is theirs alone to free: AlreadyDecided.
    """
    found = Switch.objects.select_for_update().get(pk=switch)
    if found.until is not None or found.lifts_at is not None:
        raise AlreadyLifted
    if found.kind != Kind.RESTRICTION:
        raise AlreadyDecided
    found.lifts_at = now + NOTICE
    found.save(update_fields=["lifts_at"])
    _write(found, reason, now=now)
    act = acts.record(
        "privacy.lift_announced", actor=actor, now=now, subject=found.subject_id, switch=found.pk,
        activity=found.activity, lifts_at=found.lifts_at.isoformat(),
    )  # fmt: skip
    tell(found, act, now=now)
    return found


def _write(of: Switch, reason: str, *, now: datetime) -> None:
    if reason.strip() and of.request_id is not None:
        by = RequestText.By.OFFICER
        RequestText(
            subject_id=of.subject_id, request_id=of.request_id, by=by, at=now, text=reason.strip()
        ).save()


def lift_due(*, now: datetime) -> int:
    """Free what was announced and is due; how many. The worker's, each hour."""
    due = (
        Switch.objects.in_force().filter(lifts_at__lte=now).values_list("pk", flat=True).order_by("lifts_at")
    )
    lifted = 0
    for switch in list(due):
        try:
            lift(switch, actor=Actor.system("switches"), now=now)
        except (AlreadyLifted, Switch.DoesNotExist):  # taken back or erased this moment
            continue
        lifted += 1
    return lifted


def waiting() -> QuerySet[Switch]:
    """Objections to decide, the oldest first."""
    return Switch.objects.waiting().select_related("request").order_by("since")


def texts(of: Switch, by: RequestText.By) -> list[RequestText]:
    """What was written to it."""
    return list(RequestText.objects.filter(request_id=of.request_id, by=by)) if of.request_id else []
