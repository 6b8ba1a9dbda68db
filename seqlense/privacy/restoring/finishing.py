"""What a restored database must hear of before anybody is served from it.

Each step may be cut off: the next run goes on from what is written down. The order matters: what was done
since is done again before the sweep, so that a hold placed since holds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.dispatch import Signal

from seqlense.privacy import acts, destruction, drills, erasure, holds, log, requests, retention, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import replaying as consents
from seqlense.privacy.keystore.errors import KeystoreOlder
from seqlense.privacy.log import journal
from seqlense.privacy.log.journal import Line
from seqlense.privacy.restoring import keystore_check, lock, remnants_sql
from seqlense.privacy.restoring.errors import Finishing, JournalMissing, NotLocked, Unprepared, Unreadable
from seqlense.privacy.restoring.lock import Lock
from seqlense.privacy.restoring.marker import MARKER
from seqlense.privacy.restoring.records import Restoration

type Progress = Callable[[str, int, int], None]  # what is being done, how much of how much

restored = Signal()
"""Sent in the transaction that unlocks, with `now`: end what must not live on from an older copy (sessions).
A receiver may answer with a mapping of counts for the report."""

ADVISORY_LOCK: Final = 0x5E91E8E5
ERASED: Final = "privacy.erased"
REQUESTS: Final = "privacy.request_"


def finish(
    *,
    actor: Actor,
    now: datetime,
    erase_unreadable: bool = False,
    without_journal: bool = False,
    progress: Progress = lambda _step, _done, _of: None,
) -> Restoration:
    """Do again what was done since, sweep, drill, and unlock. If interrupted, the next one goes on.

    erase_unreadable: people for whom there is no key at all were erased since, although no journal says so.
    without_journal: nothing better can be had, and whoever limited or refused something since asks again.
    Raises NotLocked, Finishing, JournalMissing, KeystoreOlder, Unreadable, Unprepared, or what a step raises.
    """
    _prepared()
    found = lock.locked()
    if found is None:
        raise NotLocked("Nothing is locked: there is no restore to finish.")
    with _alone():
        row = _begun(found, now)
        _listened(row, without_journal=without_journal)
        row.report["epoch"] = keystore_check.current()
        _replay(row, now=now, progress=progress)
        log.adopt(now=now)
        _sweep(row, actor=actor, now=now, progress=progress)
        _examine(row, actor=actor, now=now, erase=erase_unreadable, progress=progress)
        _unlock(row, actor=actor, now=now)
    return row


def _prepared() -> None:
    with connection.cursor() as cursor:
        if Restoration._meta.db_table not in connection.introspection.table_names(cursor):
            raise Unprepared(
                "The restored data lacks tables of this version. Run the migrations first "
                "(python -m seqlense.project.preparing), then finish."
            )


@contextmanager
def _alone() -> Iterator[None]:
    """PostgreSQL's lock, which ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        if cursor.fetchone() != (True,):
            raise Finishing("Another process is finishing the restore: let it.")
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def _begun(found: Lock, now: datetime) -> Restoration:
    """The unfinished row, or a new one: written first, so that the lock outlives the joining of the log."""
    row = Restoration.objects.filter(finished_at=None).first()
    if row is not None:
        return row
    if found.cause == "restored":
        _as_owner("analyze")  # a dump brings no statistics, and everybody is looked at
    first = log.head().size
    return Restoration.objects.create(
        begun_at=now,
        backup=found.backup,
        taken_at=found.taken_at,
        first=first,
        last=first + log.ahead(),
        reached=first,
        report={
            "cause": found.cause,
            "erased": 0,
            "switched": 0,
            "unchanged": 0,
            "untold": 0,
        },
    )


def _listened(row: Restoration, *, without_journal: bool) -> None:
    """Whether the journal tells of all entries since; before the first line is done again."""
    if row.reached > row.first or "swept" in row.report:
        return
    file = journal.path()
    there = file is None or file.exists()
    row.report["untold"] = max(journal.begins() - row.first, 0) if there else row.last - row.first
    row.save(update_fields=["report"])
    if row.report["untold"] and not without_journal:
        raise JournalMissing(
            f"The journal {file} tells nothing of {row.report['untold']} of the {row.last - row.first} "
            "entries since this backup. Put it back, or restore a later backup. If neither can be had, add "
            "--without-journal: those erased since are known by their missing keys; limits, objections and "
            "withdrawals since are lost, so tell everybody."
        )


def _replay(row: Restoration, *, now: datetime, progress: Progress) -> None:
    """Each line in a transaction with how far that is."""
    for line in journal.since(row.reached):
        with transaction.atomic():
            outcome = _again(line, now=now)
            row.report[outcome] += 1
            row.reached = line["index"] + 1
            row.last = max(row.last, row.reached)
            row.save(update_fields=["report", "reached", "last"])
        progress("replay", row.reached - row.first, max(row.last - row.first, 1))
    destruction.drain()


def _again(line: Line, *, now: datetime) -> str:
    """Do what that line says; under what to count it."""
    if line["kind"] == ERASED:
        return "erased" if erasure.replay(line, now=now) else "unchanged"
    if line["kind"] in holds.REPLAYED:
        changed = holds.replay(line, now=now)
    elif line["kind"] in consents.REPLAYED:
        changed = consents.replay(line, now=now)
    elif line["kind"].startswith(REQUESTS):
        changed = requests.replay(line, now=now)
    else:
        changed = switches.replay(line, now=now)
    return "switched" if changed else "unchanged"


def _sweep(row: Restoration, *, actor: Actor, now: datetime, progress: Progress) -> None:
    """Once: what fell due since the backup goes again."""
    if "swept" not in row.report:
        progress("sweep", 0, 1)
        done = retention.run(now=now, actor=actor)
        row.report |= {"swept": done.rows, "sweep": str(done.pk)}
        row.save(update_fields=["report"])


def _examine(row: Restoration, *, actor: Actor, now: datetime, erase: bool, progress: Progress) -> None:
    """Everybody who lives can be read, nobody who was erased."""
    progress("examine", 0, 1)
    found = keystore_check.unread()
    if (found.nobody or found.parts) and not erase:
        raise KeystoreOlder(
            f"{len(found.nobody)} people in the data have no key, {len(found.parts)} lack that of an "
            "activity. If this keystore is an older copy, put the current one in place. If it is the current "
            "one, their keys were destroyed since, as meant, and nobody can ever read what is left: then add "
            "--erase-unreadable."
        )
    for subject in found.nobody:
        erasure.erase(subject, actor=actor, now=now, channel="restore")
    for subject, activity in found.parts:
        _clear(subject, activity, actor=actor, now=now)
    row.report["without_key"] = row.report.get("without_key", 0) + len(found.nobody)
    row.report["without_some_keys"] = row.report.get("without_some_keys", 0) + len(found.parts)
    row.report |= {"corrections_lost": requests.corrections_lost(journal.since(row.first))}
    drill = drills.run(now=now)
    row.report |= {"drill": str(drill.pk)}
    row.save(update_fields=["report"])
    if not drill.passed:
        raise Unreadable("The drill failed: see seqlense keys drill. Nothing is served until it passes.")


@transaction.atomic
def _clear(subject: UUID, activity: str, *, actor: Actor, now: datetime) -> None:
    rows = remnants_sql.clear(subject, activity)
    acts.record(
        "privacy.remnants_deleted", actor=actor, now=now, subject=subject, activity=activity, rows=rows
    )


@transaction.atomic
def _unlock(row: Restoration, *, actor: Actor, now: datetime) -> None:
    """The report, the proof, and the end of every sign of a lock, all at once."""
    for _receiver, counts in restored.send(sender=Restoration, now=now):
        row.report |= counts or {}
    row.finished_at = now
    row.save(update_fields=["report", "finished_at"])
    report = {name: value for name, value in row.report.items() if isinstance(value, int)}
    acts.record(
        "privacy.restored",
        actor=actor,
        now=now,
        restoration=row.pk,
        backup=row.backup,
        first=row.first,
        last=row.last,
        report=report,
    )
    _as_owner(f"drop table if exists public.{MARKER}")


@transaction.atomic
def _as_owner(statement: str) -> None:
    """As the role that the process signed in with, to which tables and the mark belong."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('role'), set_config('role', 'none', true)")
        role = cursor.fetchone()[0]
        cursor.execute(statement)
        cursor.execute("select set_config('role', %s, true)", [role])
