"""What keeps the promise, after some months: drills, backups, a restore that was tried, the log."""

from datetime import datetime, timedelta
from typing import Final

from seqlense.accounts import staff
from seqlense.console.models import Errand
from seqlense.console.upkeep import backups as pages
from seqlense.console.upkeep.errands import Following
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import backups, drills, log
from seqlense.privacy.actor import Actor
from seqlense.privacy.drills import Drill
from seqlense.privacy.restoring import Restoration

WEEK: Final = timedelta(days=7)
NIGHT: Final = timedelta(hours=14)
WORKER: Final = Actor.system("demo")


def keep(*, now: datetime) -> None:
    """A log that is sealed, two nights of backups, verified, drills, and a restore that was tried in spring.

    Not in one transaction: backups are made by programs that see only what was committed.
    """
    officer = Actor.staff(staff.members(staff.Role.DATA_PROTECTION_OFFICER)[0].subject_id)
    log.seal(now=now)
    for nights in (2, 1):
        backups.create(actor=WORKER, now=now - nights * timedelta(days=1) + NIGHT)
    _verified(officer, now)
    for weeks in (3, 2, 1):
        Drill.objects.create(at=now - weeks * WEEK, epoch=1, living=280 + weeks, keys=84 - weeks, erased=2)
    drills.run(now=now, actor=officer)
    Restoration.objects.create(
        begun_at=now - 26 * WEEK,
        finished_at=now - 26 * WEEK + timedelta(minutes=9),
        backup=f"data-{now - 27 * WEEK:%Y-%m-%d}T021700Z-until-{now - 22 * WEEK:%Y-%m-%d}",
        taken_at=now - 27 * WEEK,
        first=3_214,
        last=3_391,
        reached=3_391,
        report={"erased": 5, "switched": 3, "unchanged": 41, "swept": 268, "without_key": 0, "sessions": 12},
    )
    log.seal(now=now)


def _verified(officer: Actor, now: datetime) -> None:
    row = Errand(pk=uuid7(), kind=Errand.Kind.VERIFY_BACKUPS, asked_at=now - timedelta(hours=3))
    following = Following(row.pk)
    row.outcome = pages.examine(following, {}, officer, now)
    row.reached = row.total = following.total
    row.started_at, row.finished_at = row.asked_at, row.asked_at + timedelta(seconds=4)
    row.save(force_insert=True)
