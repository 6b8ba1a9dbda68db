"""Alarms in front of people: in words, with the page where something can be done, and told by mail.

Those who look after the installation are written to at once when an alarm is new, and once a day while any
lasts. The mail holds codes only: what they mean stands in the console.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise

from seqlense import mailing
from seqlense.accounts import staff
from seqlense.accounts.models import Account
from seqlense.console.models import ToldAlarm
from seqlense.privacy import alarms
from seqlense.privacy.alarms import Alarm, words

DAILY: Final = timedelta(days=1)
SAME: Final = timedelta(hours=1)
"""An alarm that is back within the hour never went: something comes and goes."""
LONGEST: Final = 200
PAGES: Final = {
    "keys": "console:keys",
    "backups": "console:backups",
    "restoring": "console:restorations",
    "log": "console:log",
    "timestamps": "console:log",
    "witnesses": "console:log",
    "sweeps": "console:retention",
    "notices": "console:notices",
    "mail": "console:health",
    "worker": "console:health",
    "destructions": "console:health",
    "support": "console:inbox",
}
PERSON: Final = "requests"
"""The part whose alarms are about a person, by an opaque id."""
FEW: Final = 5


@dataclass(frozen=True, kw_only=True)
class Attention:
    """Alarms of one code as a page shows them.

    since: of the oldest, where known. link: the page where something can be done; "" where that is not in the
    console. about: what they are about, the first few, each with its page or ""; more: how many others.
    """

    code: str
    what: str | Promise
    remedy: str | Promise
    since: datetime | None
    link: str
    about: list[tuple[str, str]]
    more: int


def of(now: datetime, *parts: str) -> list[Attention]:
    """What asks for attention now; of these parts only, if any are named."""
    found: dict[str, list[Alarm]] = {}
    for one in alarms.all(now):
        if not parts or one.part in parts:
            found.setdefault(one.code, []).append(one)
    return [_shown(code, same) for code, same in found.items()]


def _shown(code: str, same: list[Alarm]) -> Attention:
    said, part = words.of(same[0]), same[0].part
    about = [(one.about, _file(one)) for one in same if one.about]
    return Attention(
        code=code,
        what=said.what,
        remedy=said.remedy,
        since=min((one.since for one in same if one.since), default=None),
        link=reverse(PAGES[part]) if part in PAGES else "",
        about=about[:FEW],
        more=max(0, len(about) - FEW),
    )


def _file(alarm: Alarm) -> str:
    return reverse("console:account", args=[alarm.about]) if alarm.part == PERSON else ""


@transaction.atomic
def tell(*, now: datetime) -> int:
    """Write to those in charge if there is anything new, or anything that was last told a day ago.

    Says how many were written to.
    """
    lasting = {(one.code, one.about[:LONGEST]): one for one in alarms.all(now)}
    known = {(row.code, row.about): row for row in ToldAlarm.objects.select_for_update()}
    fresh = [key for key in lasting if key not in known]
    late = [row for key, row in known.items() if key in lasting and now - row.told_at >= DAILY]
    _note(lasting, known, now)
    if not fresh and not late:
        return 0
    ToldAlarm.objects.filter(seen_at=now).update(told_at=now)
    return _write(_in_charge(), now)


def _note(
    lasting: Collection[tuple[str, str]], known: dict[tuple[str, str], ToldAlarm], now: datetime
) -> None:
    still = [row.pk for key, row in known.items() if key in lasting]
    ToldAlarm.objects.filter(pk__in=still).update(seen_at=now)
    ToldAlarm.objects.filter(seen_at__lt=now - SAME).delete()
    ToldAlarm.objects.bulk_create(
        ToldAlarm(code=code, about=about, noticed_at=now, seen_at=now, told_at=now)
        for code, about in lasting
        if (code, about) not in known
    )


def _in_charge() -> list[Account]:
    found = {one.pk: one for role in staff.Role for one in staff.members(role)}
    return list(found.values())


def _write(accounts: Iterable[Account], now: datetime) -> int:
    written = 0
    for one in accounts:
        mailing.post(
            template="console.alarms", subject=one.subject_id, about=one.pk, language=one.language, now=now
        )
        written += 1
    return written
