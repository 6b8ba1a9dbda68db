"""The same again in a restored database: a line of the journal at a time, of its own date, without a mail."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from seqlense.privacy import requests, signals
from seqlense.privacy.records import Hold, RightsRequest
from seqlense.privacy.switches.lines import Line
from seqlense.privacy.switches.models import Kind, Switch
from seqlense.privacy.switches.setting import ACTS

SETTING: Final = {act: kind for kind, act in ACTS.items()}
LIFTING: Final = ("privacy.restriction_lifted", "privacy.objection_taken_back", "privacy.consent_renewed")
REPLAYED: Final = (*SETTING, *LIFTING, "privacy.objection_decided", "privacy.lift_announced")
"""Acts that a restored database goes through again."""


@transaction.atomic
def replay(raw: object, *, now: datetime) -> bool:
    """Do one line again; whether anything changed. Repeating is harmless, and so is starting too early.

    Nothing is done about somebody whom this database doesn't know, or knows as erased.
    """
    line = Line.read(raw)
    identifier = line.identifier("switch")
    if identifier is None or line.subject is None or not line.lives():
        return False
    done = _set(identifier, line.subject, line) if line.kind in SETTING else _change(identifier, line)
    if done is not None:
        signals.switched.send(sender=Switch, subject=line.subject, switch=done, act=None, now=now)
        line.record(now=now)
    return done is not None


def _set(identifier: UUID, subject: UUID, line: Line) -> Switch | None:
    kind, activity = SETTING[line.kind], str(line.detail["activity"])
    mine = Switch.objects.filter(subject_id=subject)
    if mine.filter(pk=identifier).exists():
        return None
    if mine.in_force().filter(kind=kind, activity=activity).exists():
        return None
    accepted = line.detail.get("accepted")
    made = Switch(
        id=identifier,
        subject_id=subject,
        kind=kind,
        activity=activity,
        ground=str(line.detail.get("ground", "")),
        since=line.at,
        accepted=accepted,
        decided_at=line.at if accepted else None,
        request_id=_request(subject, kind, line),
        hold_id=_existing(Hold, line.identifier("hold")),
    )
    made.save(force_insert=True)
    return made


def _request(subject: UUID, kind: Kind, line: Line) -> UUID | None:
    """The request that it came with; one that waits for its answer is written again with its deadline."""
    request = line.identifier("request")
    if request is not None:
        made = requests.restore(request, subject, RightsRequest.Kind(kind), at=line.at)
        if made and not (kind is Kind.OBJECTION and not line.detail.get("accepted")):
            said = {
                "activity": line.detail["activity"],
                "outcome": "stopped",
                "ground": line.detail["ground"],
            }
            RightsRequest.objects.filter(pk=request).update(answered_at=line.at, outcome=[said])
    return request


def _existing(model: type[Hold], key: UUID | None) -> UUID | None:
    return key if key is not None and model.objects.filter(pk=key).exists() else None


def _change(identifier: UUID, line: Line) -> Switch | None:
    found = Switch.objects.select_for_update().filter(pk=identifier, until=None).first()
    if found is None:
        return None
    if line.kind in LIFTING:
        pending, found.until = found.waits, line.at
        fields = ["until"]
        if pending:
            _answered(found, "taken_back", line.at)
    elif line.kind == "privacy.lift_announced":
        if found.lifts_at is not None:
            return None
        found.lifts_at, fields = line.moment("lifts_at"), ["lifts_at"]
    else:
        if found.decided_at is not None:
            return None
        found.decided_at, found.accepted = line.at, bool(line.detail["accepted"])
        found.override, found.lifts_at = str(line.detail.get("override", "")), line.moment("lifts_at")
        fields = ["decided_at", "accepted", "override", "lifts_at"]
        _answered(found, "accepted" if found.accepted else "rejected", line.at)
    found.save(update_fields=fields)
    return found


def _answered(of: Switch, what: str, at: datetime) -> None:
    said = {"activity": of.activity, "outcome": what, "ground": of.override or of.ground}
    if of.request_id is not None:
        waiting = RightsRequest.objects.filter(pk=of.request_id, answered_at=None)
        waiting.update(answered_at=at, outcome=[said])
