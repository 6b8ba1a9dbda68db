"""`seqlense subject`: a person's rights, for whoever answers letters and calls."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.failing import USAGE, Refused
from seqlense.project.cli.people import names_somebody, somebody
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _
from seqlense.project.cli.speech import language, ngettext

PRIVATE = 0o600


@click.group(help=_("Access and erasure for one person, by id or by an address that is asked for."))
def command() -> None:
    """The group."""


@command.command(
    help=_("Write all that is held about a person to a ZIP file; without a file, say how much there is."),
    epilog=examples(
        "seqlense subject access --email",
        'seqlense subject access 01a2… --output access.zip --reason "letter of 3 March"',
    ),
)
@names_somebody
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("The ZIP file; it must not exist."),
)
@click.option(
    "--reason", default="", help=_("Why; kept, sealed, where the person can read it. Needed for a file.")
)
@click.option(
    "--ground",
    type=click.Choice(["consent", "claims", "others", "authority"]),
    help=_(
        "Have what the person limited in the file too, for a ground of GDPR art. 18(2): they agree or ask "
        "for it, a legal claim, the rights of others, an authority. Without it, its values are left out."
    ),
)
@speaks
def access(
    speaker: Speaker,
    subject: UUID | None,
    by_email: bool,
    output: Path | None,
    reason: str,
    ground: str | None,
) -> None:
    """No value is ever shown in the terminal."""
    if output and not reason.strip():
        raise click.UsageError(
            _("A file asks for --reason: the person may ask who read their data, and why.")
        )
    installation.enter_to_act()
    person = somebody(subject, by_email=by_email)
    if output:
        _write(speaker, person, output, reason.strip(), ground)
    else:
        _summary(speaker, person)


@command.command(
    help=_("Erase what may go and say what stays, until when and why; --preview only says it."),
    epilog=examples("seqlense subject erase --email --preview", "seqlense subject erase 01a2… --yes"),
)
@names_somebody
@click.option("--preview", is_flag=True, help=_("Say what would happen, and change nothing."))
@click.option("--yes", is_flag=True, help=_("Don't ask: the consequences are known."))
@speaks
def erase(speaker: Speaker, subject: UUID | None, by_email: bool, preview: bool, yes: bool) -> None:
    """Shows the consequences first; asks unless told not to."""
    installation.enter_to_act()
    from seqlense.privacy import erasure
    from seqlense.privacy.actor import Actor

    now = clock.now()
    person = somebody(subject, by_email=by_email)
    decision = erasure.preview(person, now=now)
    if preview or not yes:
        _tell(speaker, decision)
    if not preview:
        if not yes:
            _ask(speaker)
        try:
            decision = erasure.erase(person, actor=Actor.system("command line"), now=now, channel="command")
        except erasure.UnknownSubject:
            raise Refused("unknown-subject", _("Nobody is known by that.")) from None
        speaker.say(_("Erased. What stays goes by itself on its date."))
    speaker.document(_decision(decision, done=not preview))


def _ask(speaker: Speaker) -> None:
    if speaker.as_json:
        raise Refused("not-confirmed", _("With --json, say --preview or --yes."), exit_code=USAGE)
    click.confirm(_("Erase this now? It can't be undone."), abort=True, err=True)


def _summary(speaker: Speaker, person: UUID) -> None:
    from seqlense.privacy import access as held

    found = held.everything(person, now=clock.now())
    rows = [
        (one.item.key, len(one.values), _until(one), one.item.label.in_(language()))
        for activity in found.activities
        for one in activity.items
        if one.values
    ]
    if rows:
        speaker.table([_("item"), _("values"), _("goes on"), _("label")], rows)
    text = ngettext("{n} item is held about {person}.", "{n} items are held about {person}.", len(rows))
    speaker.say(text.format(n=len(rows), person=person))
    speaker.document(
        {
            "subject": person,
            "register_version": found.register_version,
            "unreadable": found.unreadable,
            "items": [{"item": key, "values": count, "until": until} for key, count, until, _label in rows],
        }
    )


def _until(held: Any) -> str | None:
    """The last date on which a value of the item goes; None while no event has set one."""
    dates = [value.until for value in held.values]
    return None if not dates or None in dates else f"{max(dates):%Y-%m-%d}"


def _write(speaker: Speaker, person: UUID, output: Path, reason: str, ground: str | None) -> None:
    from django.db import transaction

    from seqlense.privacy import access as held
    from seqlense.privacy import acts, switches
    from seqlense.privacy.actor import Actor

    now, actor = clock.now(), Actor.system("command line")
    opened = {"ground": ground} if ground else {}
    # The file first: where it can't be written, nothing is recorded as read.
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        try:
            with transaction.atomic(), switches.staff_reading(person if ground else None):
                acts.record_staff(
                    "privacy.limited_read" if ground else "privacy.read",
                    actor=actor, subject=person, reason=reason, now=now, **opened,
                )  # fmt: skip
                content = held.package(person, actor=actor, now=now)
            file.write(content)
        except BaseException:
            output.unlink()
            raise
    speaker.say(_("{file} written. Only you may read it: hand it over, then delete it.").format(file=output))
    speaker.document({"subject": person, "file": output, "bytes": len(content)})


def _tell(speaker: Speaker, decision: Any) -> None:
    rows = [(one.item, *_outcome(one), one.rows) for one in decision.items]
    if rows:
        speaker.table([_("item"), _("outcome"), _("until"), _("because"), _("rows")], rows)
    else:
        speaker.say(_("Nothing is held."))


def _outcome(one: Any) -> tuple[str, str | None, str]:
    if one.outcome == "erased":
        return _("erased"), None, _("asked for")
    reasons = {"law": _("a law"), "contract": _("a contract runs"), "hold": _("a hold")}
    because = one.law.in_(language()) if one.law else reasons.get(one.because, one.because)
    if one.happening and one.until is None:
        because = f"{because}; {one.happening.in_(language())}"
    return _("kept"), f"{one.until:%Y-%m-%d}" if one.until else None, because


def _decision(decision: Any, *, done: bool) -> dict[str, Any]:
    return {
        "subject": decision.subject,
        "done": done,
        "items": [{**one.as_codes(), "rows": one.rows} for one in decision.items],
    }
