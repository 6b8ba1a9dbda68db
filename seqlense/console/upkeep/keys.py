"""Keys: which epoch, since when, who keeps its key, and the drills that show what they open and what not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from seqlense.console import attention
from seqlense.console.doors import OFFICER, PLATFORM, actor, moment, staff
from seqlense.privacy import drills
from seqlense.privacy.drills import Drill
from seqlense.privacy.keystore import rotation
from seqlense.privacy.keystore.errors import KeystoreError
from seqlense.privacy.keystore.rotation import Status

CUSTODY: Final = {
    "file": gettext_lazy("a file on this machine"),
    "split": gettext_lazy("two shares in two places, both needed"),
    "pkcs11": gettext_lazy("wrapped by a key inside a device (PKCS#11)"),
}
SHOWN: Final = 20


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """The epoch as the page shows it. spent: how much is over, in percent; custody: who keeps its key."""

    status: Status
    length: timedelta
    spent: int
    custody: str | Promise


def epoch(now: datetime) -> Epoch | None:
    """None where the keystore can't be used: the alarms beside it say why."""
    try:
        status = rotation.status(now=now)
    except KeystoreError:
        return None
    length = status.due_at - status.begun_at
    spent = round(100 * max(now - status.begun_at, timedelta(0)) / length)
    custody = CUSTODY.get(status.custody, status.custody)
    return Epoch(status=status, length=length, spent=min(spent, 100), custody=custody)


@staff(PLATFORM, OFFICER)
@require_safe
def keys_page(request: HttpRequest) -> HttpResponse:
    """The epoch, then the drills."""
    now = moment(request)
    context = {
        "alarms": attention.of(now, "keys", "destructions"),
        "epoch": epoch(now),
        "drills": Drill.objects.all()[:SHOWN],
    }
    return render(request, "console/upkeep/keys.html", context)


@staff(PLATFORM, OFFICER)
@require_POST
def run_drill(request: HttpRequest) -> HttpResponse:
    """Try it out now."""
    try:
        drill = drills.run(now=moment(request), actor=actor(request))
    except KeystoreError:
        messages.error(request, _("No drill could be run: the keystore can't be used."))
    else:
        if drill.passed:
            messages.success(request, _("The drill passed: what is held can be read, what was erased can't."))
        else:
            messages.error(request, _("The drill failed. Its numbers below say what is wrong."))
    return redirect("console:keys")
