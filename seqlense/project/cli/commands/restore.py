"""`seqlense restore`: after data was put back, by whatever tool: what is still to be done, and doing it."""

from typing import Any

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _

FOUND = 1


@click.group(help=_("After data was put back, by whatever tool: nothing is served until it is finished."))
def command() -> None:
    """The group."""


@command.command(
    help=_("Is the installation locked, why, and what did the last restore do? Exit code 1 while it is."),
    epilog=examples("seqlense restore status", "seqlense restore status --json"),
)
@speaks
def status(speaker: Speaker) -> None:
    """Asks the database and the log on the disk; changes nothing."""
    installation.enter()
    from django.db import ProgrammingError

    from seqlense.privacy import restoring

    lock = restoring.locked()
    try:
        last = restoring.Restoration.objects.exclude(finished_at=None).first()
    except ProgrammingError:  # the restored data is of an earlier version
        last = None
    if lock is None:
        speaker.say(_("Nothing is locked."))
    else:
        why = {
            "restored": _("A backup was restored: {backup}, of {day}."),
            "unfinished": _("A restore was begun and not finished: {backup} {day}."),
            "log-ahead": _("The log on the disk has {n} entries that the database doesn't know."),
        }[lock.cause]
        day = f"{lock.taken_at:%Y-%m-%d %H:%M}" if lock.taken_at else ""
        speaker.say(why.format(backup=lock.backup, day=day, n=lock.entries))
        speaker.say(_("Nothing is served, and no task is taken, until: seqlense restore finish"))
    if last is not None:
        _tell(speaker, last)
    speaker.document(
        {
            "locked": None
            if lock is None
            else {
                "cause": lock.cause,
                "since": lock.since,
                "backup": lock.backup,
                "taken_at": lock.taken_at,
                "entries": lock.entries,
            },
            "last": None if last is None else _report(last),
        }
    )
    if lock is not None:
        raise click.exceptions.Exit(FOUND)


@command.command(
    help=_(
        "Do again what was done since the backup (erasures, restrictions, objections, withdrawals), sweep, "
        "drill, say what was done, and unlock. Safe to interrupt."
    ),
    epilog=examples("seqlense restore finish", "seqlense restore finish --json"),
)
@click.option(
    "--erase-unreadable",
    is_flag=True,
    help=_("What there is no key for was erased since, although no journal says so: delete what is left."),
)
@click.option(
    "--without-journal",
    is_flag=True,
    help=_("The log's journal can't be had: what was limited, objected to or withdrawn since is lost."),
)
@speaks
def finish(speaker: Speaker, erase_unreadable: bool, without_journal: bool) -> None:
    """The current keystore and its epoch key must be in place."""
    installation.enter()
    from seqlense.privacy import checks
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.restoring import finishing

    checks.stand()
    steps = {"replay": _("Doing again"), "sweep": _("Sweeping"), "examine": _("Examining")}
    said: set[str] = set()

    def progress(step: str, _done: int, _of: int) -> None:
        if step not in said:
            said.add(step)
            speaker.say(f"{steps[step]} …")

    done = finishing.finish(
        actor=Actor.system("command line"),
        now=clock.now(),
        erase_unreadable=erase_unreadable,
        without_journal=without_journal,
        progress=progress,
    )
    _tell(speaker, done)
    speaker.say(_("Finished: pages and worker go on by themselves."))
    speaker.document(_report(done))


def _tell(speaker: Speaker, row: Any) -> None:
    words = {
        "erased": _("people erased again"),
        "switched": _("restrictions, objections, withdrawals and requests done again"),
        "unchanged": _("entries of the journal that changed nothing"),
        "swept": _("rows that the sweep took"),
        "without_key": _("people without any key, erased"),
        "without_some_keys": _("parts that nobody could read any more, deleted"),
        "untold": _("entries of the log of which the journal tells nothing"),
        "corrections_lost": _("people who corrected something since: ask them to look again"),
        "sessions": _("sessions ended"),
    }
    rows = [(text, row.report[name]) for name, text in words.items() if name in row.report]
    when = f"{row.finished_at:%Y-%m-%d %H:%M}"
    speaker.say(_("Restore finished on {when}: {backup}").format(when=when, backup=row.backup or "–"))
    speaker.table([_("what"), _("number")], rows)


def _report(row: Any) -> dict[str, Any]:
    return {
        "restoration": row.pk,
        "begun_at": row.begun_at,
        "finished_at": row.finished_at,
        "backup": row.backup,
        "taken_at": row.taken_at,
        "first": row.first,
        "last": row.last,
        **row.report,
    }
