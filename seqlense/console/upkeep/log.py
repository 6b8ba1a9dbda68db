"""The transparency log: how far it goes, who else saw it, and whether all of it holds."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from seqlense.console import attention
from seqlense.console.doors import OFFICER, PLATFORM, actor, moment, staff
from seqlense.console.models import Errand
from seqlense.console.upkeep import errands
from seqlense.console.upkeep.errands import Following, Outcome
from seqlense.privacy import acts, log
from seqlense.privacy.actor import Actor
from seqlense.privacy.log import place
from seqlense.privacy.log.errors import LogError
from seqlense.privacy.log.note import Checkpoint
from seqlense.privacy.proofs import stamping, verifying, witnesses
from seqlense.privacy.proofs.days import Days
from seqlense.privacy.proofs.errors import Broken
from seqlense.privacy.proofs.verifying import Brought, Verified
from seqlense.privacy.proofs.witnesses import Witness

REASONS: Final = {
    "file": gettext_lazy("the files of the log can't be read as a log"),
    "key": gettext_lazy("it was signed with another key"),
    "checkpoint": gettext_lazy("its checkpoint was altered, or our key did not sign it"),
    "entry": gettext_lazy("an entry was altered"),
    "tile": gettext_lazy("a tile was altered or is missing"),
    "consistency": gettext_lazy("it is no continuation of an older checkpoint"),
    "timestamp": gettext_lazy("a timestamp does not hold"),
    "authority": gettext_lazy("the timestamp authority's certificates are missing"),
    "witness": gettext_lazy("a witness's cosignature does not hold"),
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A witness, and the last checkpoint of ours that it cosigned: its size, and when."""

    name: str
    size: int | None
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Who else saw the log. stamped: the last day with a timestamp; waiting: days that still have none."""

    authority: bool
    stamped: tuple[str, datetime] | None
    waiting: int
    witnesses: list[Seen]


def outside() -> Outside:
    """What the files beside the log say."""
    folder = place.folder()
    if folder is None:
        return Outside(authority=False, stamped=None, waiting=0, witnesses=[])
    days = Days(folder)
    last = days.last()
    return Outside(
        authority=bool(getattr(settings, "SEQLENSE_TIMESTAMP_URL", "")),
        stamped=(f"{last.on}", last.moment) if last is not None and last.moment is not None else None,
        waiting=len(days.waiting()),
        witnesses=[_seen(folder, one) for one in stamping.configured()],
    )


def _seen(folder: Path, witness: Witness) -> Seen:
    note = stamping.last_of(folder, witness.key)
    if note is None:
        return Seen(name=witness.key.name, size=None, at=None)
    [(_key, line)] = note.signed_by([witness.key])
    size = Checkpoint.parse(note.text).size
    return Seen(name=witness.key.name, size=size, at=witnesses.moment(line))


@dataclass(frozen=True, kw_only=True)
class Look:
    """One verification that was asked for. reason: what does not hold, in words; "" where all does."""

    errand: Errand
    reason: str


def looks() -> list[Look]:
    """The last verifications, the newest first."""
    return [_look(one) for one in errands.of(Errand.Kind.VERIFY_LOG)]


def _look(errand: Errand) -> Look:
    reason = str(errand.outcome.get("broken", ""))
    return Look(errand=errand, reason=str(REASONS.get(reason, reason)))


@staff(PLATFORM, OFFICER)
@require_safe
def log_page(request: HttpRequest) -> HttpResponse:
    """The head, who else saw it, the last verifications."""
    now = moment(request)
    context = {
        "alarms": attention.of(now, "log", "timestamps", "witnesses"),
        "kept": place.folder() is not None,
        "state": (state := log.state(now=now)),
        "seconds": round(state.waiting.total_seconds()),
        "key": _key(),
        "outside": outside(),
        "looks": looks(),
    }
    return render(request, "console/upkeep/log.html", context)


def _key() -> str:
    try:
        return str(place.verifier()) if place.folder() is not None else ""
    except LogError:
        return ""


@staff(PLATFORM, OFFICER)
@require_POST
def verify_log(request: HttpRequest) -> HttpResponse:
    """Have a worker read all of it."""
    errands.ask(Errand.Kind.VERIFY_LOG, actor=actor(request), now=moment(request))
    messages.success(request, _("A worker reads the whole log. This page shows what comes of it."))
    return redirect("console:log")


def examine(_following: Following, _given: dict[str, Any], actor: Actor, now: datetime) -> Outcome:
    """The worker's part: every tile, entry, checkpoint, timestamp, cosignature; what holds, or what not."""
    folder = place.folder()
    if folder is None:
        return {"size": 0}
    try:
        found = _verified(folder)
    except Broken as broken:
        outcome: Outcome = {"broken": broken.code, "about": broken.about}
    else:
        outcome = {
            "size": found.checkpoint.size,
            "continued": len(found.continued),
            "stamped": len(found.stamped),
            "cosigned": len(found.cosigned),
        }
    acts.record("console.log_verified", actor=actor, now=now, **outcome)
    return outcome


def _verified(folder: Path) -> Verified:
    """The log grows meanwhile: a tile that was replaced under the reader's hands is read once more."""
    key = place.verifier()
    names = tuple(str(one.key) for one in stamping.configured() if stamping.last_of(folder, one.key))
    brought = Brought(key=str(key), witnesses=names)
    try:
        return verifying.log(folder, key, brought)
    except Broken:
        return verifying.log(folder, key, brought)
