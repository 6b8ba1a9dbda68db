"""`seqlense log`: the transparency log of what was done."""

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _

FOUND = 1


@click.group(help=_("The log that proves to outsiders what was done. See docs/operator.md, The log."))
def command() -> None:
    """The group."""


@command.command(
    help=_("Name, size and last signature of the log, and what waits. Exit code 1 if it can't go on."),
    epilog=examples("seqlense log status", "seqlense log status --json"),
)
@speaks
def status(speaker: Speaker) -> None:
    """Reads the last tiles; writes nothing."""
    installation.enter()
    from seqlense.privacy import log
    from seqlense.privacy.log import place

    found = log.state(now=clock.now())
    signed = f"{found.head.at:%Y-%m-%d %H:%M:%S} UTC" if found.head.at else _("nothing yet")
    for label, value in (
        (_("name"), found.origin or _("none yet: it gets one with its first entry")),
        (_("folder"), place.folder()),
        (_("entries"), found.head.size),
        (_("last signed"), signed),
        (_("waiting"), found.unsealed),
    ):
        speaker.say(f"{label}: {value}")
    for problem in found.problems:
        speaker.say(_words(problem))
    speaker.document(
        {
            "origin": found.origin,
            "folder": str(place.folder()),
            "size": found.head.size,
            "root": found.head.root.hex(),
            "signed_at": found.head.at,
            "unsealed": found.unsealed,
            "waiting_seconds": found.waiting.total_seconds(),
            "problems": list(found.problems),
        }
    )
    if found.problems:
        raise click.exceptions.Exit(FOUND)


@command.command(
    help=_("Look through all tiles and entries and the database's leaves. Exit code 1 at the first fault."),
    epilog=examples("seqlense log check"),
)
@speaks
def check(speaker: Speaker) -> None:
    """People and worker go on meanwhile."""
    installation.enter()
    from seqlense.privacy import log
    from seqlense.privacy.log import checking

    with speaker.progress(_("Checking"), log.head().size) as bar:
        found = checking.check(bar.update)
    text = _("{entries} entries, {tiles} tiles and {openings} openings are as they were signed.")
    speaker.say(text.format(entries=found.entries, tiles=found.tiles, openings=found.openings))
    speaker.document(
        {
            "origin": found.checkpoint.origin,
            "entries": found.entries,
            "tiles": found.tiles,
            "openings": found.openings,
            "root": found.checkpoint.root.hex(),
        }
    )


@command.command(
    help=_("Write files that are gone, damaged or too old again, byte for byte, from the database."),
    epilog=examples("seqlense log rebuild"),
)
@speaks
def rebuild(speaker: Speaker) -> None:
    """Refuses if the database doesn't lead to what was last signed."""
    installation.enter()
    from seqlense.privacy.log import rebuilding

    done = rebuilding.rebuild()
    speaker.say(_("{n} entries written again, as they were signed.").format(n=done.entries))
    if done.journal:
        speaker.say(_("The journal for restored backups was written again too."))
    speaker.document({"entries": done.entries, "journal": done.journal})


def _words(problem: str) -> str:
    """What to do about it."""
    known = {
        "log-missing": _("The files are gone. Put them back, or run: seqlense log rebuild"),
        "log-behind": _("The files are an older copy. Run: seqlense log rebuild"),
        "log-damaged": _("The last files are damaged. Run: seqlense log check, then seqlense log rebuild"),
        "log-ahead": _("The database is older than the log. Run: seqlense restore finish"),
        "log-forked": _("Files and database tell two histories: put back those that belong together."),
        "log-key-missing": _("The key that signs the log is missing. Put it back."),
        "log-key-damaged": _("The key that signs the log can't be used: the file's mode, or its content."),
        "log-clock-back": _("The clock stands before the last signature: set it right."),
        "log-late": _("Nothing was sealed for half a minute: does the worker run?"),
    }
    return known.get(problem, problem)
