"""`seqlense evidence`: what an authority asks for, in one bundle that it can check by itself."""

from datetime import UTC, datetime
from pathlib import Path

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.failing import USAGE, Refused
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _
from seqlense.project.cli.speech import ngettext


@click.group(help=_("Evidence for a supervisory authority. See docs/data-protection-officer.md."))
def command() -> None:
    """The group."""


@command.command(
    help=_(
        "Gather the register as of a day, retention runs, erasures, the log with its timestamps, and the "
        "verifier, in a folder or (where the name ends in .zip) a ZIP. Names nobody."
    ),
    epilog=examples(
        "seqlense evidence create --as-of 2026-11-23 --to evidence.zip",
        "seqlense evidence create --to /srv/evidence",
    ),
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help=_("The last day that it covers, in UTC; today if not given."),
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    required=True,
    help=_("The folder or ZIP file; it must not exist."),
)
@speaks
def create(speaker: Speaker, as_of: datetime | None, to: Path) -> None:
    """Recorded as an act of its own."""
    installation.enter_to_act()
    from seqlense.privacy import evidence
    from seqlense.privacy.actor import Actor

    now = clock.now()
    day = as_of.date() if as_of else now.astimezone(UTC).date()
    try:
        made = evidence.create(to, as_of=day, actor=Actor.system("command line"), now=now)
    except evidence.NotYet:
        raise Refused("evidence-not-yet", _("That day hasn't come yet."), exit_code=USAGE) from None
    except evidence.PlaceTaken as taken:
        raise Refused(
            taken.code, _("{to} exists: evidence is never written over.").format(to=to), exit_code=USAGE
        ) from None
    except evidence.NoLog:
        raise Refused(
            "evidence-no-log", _("Nothing is sealed in a log here: is the worker running?")
        ) from None
    text = ngettext(
        "{to}: {n} act opened, a log of {size} entries, {stamped} days with a timestamp.",
        "{to}: {n} acts opened, a log of {size} entries, {stamped} days with a timestamp.",
        count := sum(made.gathered.acts.values()),
    )
    speaker.say(text.format(to=to, n=count, size=made.size, stamped=made.stamped))
    speaker.say(_("Verify it with: python3 verify_proofs.py . (in the bundle), or seqlense proofs verify."))
    speaker.document(
        {
            "to": to,
            "as_of": made.as_of,
            "log_size": made.size,
            "timestamps": made.stamped,
            "files": made.files,
            "acts": made.gathered.acts,
            "closed_acts": made.gathered.closed,
            "retention_runs": made.gathered.runs,
            "staff_readings": made.gathered.readings,
        }
    )
