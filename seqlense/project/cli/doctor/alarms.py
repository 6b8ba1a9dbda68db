"""Alarms that last: of keys and drills, backups, the log, timestamps, requests."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from seqlense.privacy import alarms
from seqlense.privacy.alarms import words
from seqlense.project.cli.doctor.finding import Finding, fault, fine
from seqlense.project.cli.speech import gettext as _

NEEDS_DATABASE = True
EXAMINED: Final = frozenset({"worker", "mail", "sweeps", "destructions", "keys.late", "keys.interrupted"})
"""Parts and codes that other modules of the doctor look at, more closely."""


def examine(now: datetime) -> Iterator[Finding]:
    lasting = [one for one in alarms.all(now) if not {one.part, one.code} & EXAMINED]
    for one in lasting:
        said = words.of(one)
        about = f" ({one.about})" if one.about else ""
        since = _(" Since {day}.").format(day=f"{one.since:%Y-%m-%d %H:%M} UTC") if one.since else ""
        yield fault(one.code, f"{said.what}{about}{since}", str(said.remedy))
    if not lasting:
        yield fine("alarms.none", _("No alarm of keys, backups, log or requests lasts."))
