"""Backups: what there is, whether it is whole, making one, and what restores did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from seqlense.console import attention
from seqlense.console.doors import OFFICER, PLATFORM, actor, moment, staff
from seqlense.console.models import Errand
from seqlense.console.upkeep import errands
from seqlense.console.upkeep.errands import Following, Outcome
from seqlense.privacy import backups, restoring
from seqlense.privacy.actor import Actor
from seqlense.privacy.backups import CHAINS, Kept
from seqlense.privacy.backups.errors import BackupError
from seqlense.privacy.errors import PrivacyError

CHAIN_WORDS: Final = {
    "data": gettext_lazy("Data"),
    "documents": gettext_lazy("Documents"),
    "keystore": gettext_lazy("Keystore"),
}
STATES: Final = {
    "backup-altered": gettext_lazy("altered"),
    "backup-cut-short": gettext_lazy("cut short"),
    "backup-of-another-installation": gettext_lazy("of another installation"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A backup as the list shows it.

    verified: when every byte of it was last read and found right here; wrong: what is wrong, in words, or "".
    """

    kept: Kept
    size: int | None
    verified: datetime | None
    wrong: str | Promise


@dataclass(frozen=True, kw_only=True)
class Chain:
    """One chain: what it holds, the newest first."""

    name: str
    words: str | Promise
    rows: list[Row]
    size: int


def chains() -> list[Chain]:
    """All chains, also those without a backup."""
    kept, verified = backups.everything(), _verified()
    return [_chain(name, [one for one in kept if one.chain == name], verified) for name in CHAINS]


def _chain(name: str, kept: Sequence[Kept], verified: dict[str, Errand]) -> Chain:
    rows = [_row(one, verified.get(one.name)) for one in reversed(kept)]
    return Chain(name=name, words=CHAIN_WORDS[name], rows=rows, size=sum(row.size or 0 for row in rows))


def _row(kept: Kept, errand: Errand | None) -> Row:
    found = errand.outcome["wrong"].get(kept.name, "") if errand else ""
    code = kept.code or found
    return Row(
        kept=kept,
        size=kept.manifest.size if kept.manifest else None,
        verified=errand.finished_at if errand and not code else None,
        wrong=STATES.get(code, code),
    )


def _verified() -> dict[str, Errand]:
    """Name of each backup that was verified → the last errand that did."""
    done = Errand.objects.filter(kind=Errand.Kind.VERIFY_BACKUPS, code="", finished_at__isnull=False)
    found: dict[str, Errand] = {}
    for errand in done:
        for name in (*errand.outcome["sound"], *errand.outcome["wrong"]):
            found.setdefault(name, errand)
    return found


@staff(PLATFORM, OFFICER)
@require_safe
def backups_page(request: HttpRequest) -> HttpResponse:
    """The chains, then what a worker is doing or did."""
    try:
        found = chains()
    except BackupError:
        found = []
    context = {
        "alarms": attention.of(moment(request), "backups"),
        "chains": found,
        "errands": errands.of(Errand.Kind.BACKUP, Errand.Kind.VERIFY_BACKUPS),
    }
    return render(request, "console/upkeep/backups.html", context)


@staff(PLATFORM, OFFICER)
@require_POST
def make_backup(request: HttpRequest) -> HttpResponse:
    """Have a worker make one of each chain."""
    errands.ask(Errand.Kind.BACKUP, actor=actor(request), now=moment(request))
    messages.success(request, _("A worker makes the backups. This page shows how far it is."))
    return redirect("console:backups")


@staff(PLATFORM, OFFICER)
@require_POST
def verify_backups(request: HttpRequest) -> HttpResponse:
    """Have a worker read every byte of every backup."""
    errands.ask(Errand.Kind.VERIFY_BACKUPS, actor=actor(request), now=moment(request))
    messages.success(request, _("A worker reads every backup. This page shows how far it is."))
    return redirect("console:backups")


def make(following: Following, _given: dict[str, Any], actor: Actor, now: datetime) -> Outcome:
    """The worker's part of `make_backup`."""
    made = backups.create(actor=actor, now=now, report=lambda _chain, written: following.add(written))
    return {
        "made": [one.name for one in made.backups],
        "bytes": sum(one.size for one in made.backups),
        "staying": list(made.pruned.staying),
    }


def examine(following: Following, _given: dict[str, Any], actor: Actor, now: datetime) -> Outcome:
    """The worker's part of `verify_backups`. One that is wrong keeps no other from being read."""
    kept = backups.everything()
    following.total = sum(one.manifest.size for one in kept if one.manifest)
    sound, wrong = [], {}
    for one in kept:
        try:
            backups.verify(one.name, progress=following.add)
        except PrivacyError as fault:
            wrong[one.name] = fault.code
        else:
            sound.append(one.name)
    return {"sound": sound, "wrong": wrong}


REPORT: Final = {
    "erased": gettext_lazy("people erased again"),
    "switched": gettext_lazy("limits, objections, withdrawals and requests done again"),
    "unchanged": gettext_lazy("entries that changed nothing"),
    "swept": gettext_lazy("rows that the retention sweep took"),
    "without_key": gettext_lazy("people without any key, erased"),
    "without_some_keys": gettext_lazy("people with parts that nobody can read any more"),
    "corrections_lost": gettext_lazy("people who had corrected something since and are to look again"),
    "sessions": gettext_lazy("sessions ended"),
}


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A restore as the page shows it. counts: what was done again, in words."""

    row: restoring.Restoration
    counts: Sequence[tuple[str | Promise, int]]


def _restored(row: restoring.Restoration) -> Restored:
    counts = [(words, row.report[name]) for name, words in REPORT.items() if name in row.report]
    return Restored(row=row, counts=counts)


@staff(PLATFORM, OFFICER)
@require_safe
def restorations_page(request: HttpRequest) -> HttpResponse:
    """What restores brought back, and what was done again after each."""
    context = {
        "alarms": attention.of(moment(request), "restoring"),
        "restored": [_restored(one) for one in restoring.Restoration.objects.all()[:50]],
    }
    return render(request, "console/upkeep/restorations.html", context)
