"""`seqlense proofs`: make, verify, and have outsiders see."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.failing import AWAY, FOUND, Refused
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _
from seqlense.project.cli.speech import ngettext

if TYPE_CHECKING:
    from seqlense.privacy.proofs.verifying import Brought, Verified

PRIVATE: Final = 0o600
EXISTING: Final = click.Path(exists=True, path_type=Path)
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(help=_("Proofs that outsiders can check. See docs/data-protection-officer.md."))
def command() -> None:
    """The group."""


@command.command(
    help=_(
        "Verify a proof file, a copy of the log or an evidence bundle, offline. Exit code 1 with the reason "
        "when something in it was altered. Outsiders use tools/verify_proofs.py instead."
    ),
    epilog=examples(
        "seqlense proofs verify request.seqlense-proof.json",
        "seqlense proofs verify /srv/copies/log --key 'log.example/log+…' --against old.checkpoint",
    ),
)
@click.argument("place", type=EXISTING)
@click.option("--key", default="", help=_("The log's public key, as published."))
@click.option("--against", type=FILE, help=_("An older checkpoint or proof file that was kept."))
@click.option("--authority", type=FILE, help=_("The timestamp authority's root certificate (PEM)."))
@click.option("--witness", multiple=True, help=_("A witness's key, whose cosignature must be there."))
@click.option("--log", type=EXISTING, help=_("A copy of the log, to hold a proof file against."))
@speaks
def verify(
    speaker: Speaker,
    place: Path,
    key: str,
    against: Path | None,
    authority: Path | None,
    witness: tuple[str, ...],
    log: Path | None,
) -> None:
    """Writes nothing, asks nobody."""
    installation.enter()
    from seqlense.privacy.proofs import verifying
    from seqlense.privacy.proofs.tokens import Authority

    brought = verifying.Brought(
        key=key or _own_key(place),
        against=against.read_bytes() if against else None,
        authority=Authority.read(authority) if authority else None,
        witnesses=witness,
        log=log,
    )
    found = _verified(place, brought)
    _tell(speaker, found)


def _own_key(place: Path) -> str:
    """For the log of this very installation, its own key; else nothing is known here."""
    from seqlense.privacy.log import place as own

    folder = own.folder()
    return str(own.verifier()) if folder and folder.exists() and place.samefile(folder) else ""


def _verified(place: Path, brought: "Brought") -> "Verified":
    from seqlense.privacy.proofs import verifying
    from seqlense.privacy.proofs.errors import Broken

    try:
        return verifying.anything(place, brought)
    except Broken as broken:
        raise Refused(f"proof-{broken.code}", _reason(broken.code).format(about=broken.about)) from None


def _reason(code: str) -> str:
    reasons = {
        "file": _("This is no proof file, log or evidence bundle, or it is damaged."),
        "key": _("This was made with another key than the one given: {about}."),
        "checkpoint": _("The checkpoint was altered, or the log's key did not sign it."),
        "entry": _("Entry {about} was altered, or is not in the log."),
        "tile": _("A tile was altered or is missing: {about}."),
        "consistency": _("The log is no continuation of the older checkpoint: {about}."),
        "timestamp": _("The timestamp does not hold: {about}"),
        "authority": _("No certificate of a timestamp authority was given, nor found beside the timestamp."),
        "witness": _("The cosignature of {about} does not hold, or is missing."),
        "bundle": _("A file of the evidence bundle was altered or is missing: {about}."),
    }
    return reasons[code]


def _tell(speaker: Speaker, found: "Verified") -> None:
    head = found.checkpoint
    text = _("The log {origin} of {n} entries is signed by its key: {key}")
    speaker.say(text.format(origin=head.origin, n=head.size, key=found.key))
    if found.scanned:
        speaker.say(_("Every tile and every entry adds up to the signed checkpoint."))
    acts = [(one.index, one.act["kind"], one.act["at"]) for one in found.acts]
    if acts:
        speaker.table([_("entry"), _("act"), _("at")], acts)
    for size in found.continued:
        speaker.say(_("It continues the log of {n} entries.").format(n=size))
    for name, moment in (*found.stamped, *found.cosigned):
        text = _("Seen from outside on {moment} UTC: {name}")
        speaker.say(
            text.format(moment=f"{moment:%Y-%m-%d %H:%M:%S}", name=name or _("the timestamp authority"))
        )
    if not found.stamped:
        speaker.say(_("No outside timestamp is in it: its dates are the organisation's own."))
    speaker.say(_("All that was checked holds."))
    speaker.document(
        {
            "key": found.key,
            "origin": head.origin,
            "size": head.size,
            "scanned": found.scanned,
            "acts": [{"index": index, "kind": kind, "at": at} for index, kind, at in acts],
            "continues": found.continued,
            "timestamps": [{"day": name, "at": moment} for name, moment in found.stamped],
            "cosignatures": [{"witness": name, "at": moment} for name, moment in found.cosigned],
        }
    )


@command.command(
    help=_("Write the proof file of a request, to be handed over by post or e-mail."),
    epilog=examples("seqlense proofs make 01a2… --output request.seqlense-proof.json"),
)
@click.argument("request", type=click.UUID)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=_("The file; it must not exist."),
)
@speaks
def make(speaker: Speaker, request: UUID, output: Path) -> None:
    """Works as long as what opens the acts exists."""
    installation.enter_to_act()
    from seqlense.privacy import proofs
    from seqlense.privacy.log.errors import NotSealed
    from seqlense.privacy.proofs.errors import NothingToProve

    try:
        found = proofs.file_of(request, subject=proofs.whose(request), now=clock.now())
    except NothingToProve:
        raise Refused(
            "nothing-to-prove", _("Nothing opens the acts of such a request, or not any more.")
        ) from None
    except NotSealed:
        raise Refused(
            "not-sealed", _("It isn't sealed yet: is the worker running?"), exit_code=AWAY
        ) from None
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        file.write(found.as_bytes())
    speaker.say(ngettext("{file}: {n} act proven.", "{file}: {n} acts proven.", len(found.entries)).format(
        file=output, n=len(found.entries)
    ))  # fmt: skip
    speaker.document({"file": output, "entries": len(found.entries), "timestamp": found.stamped})


@command.command(
    help=_(
        "Show the log to the witnesses and ask the timestamp authority now, as the worker does each hour."
    ),
    epilog=examples("seqlense proofs stamp"),
)
@speaks
def stamp(speaker: Speaker) -> None:
    """Exit code 1 while a day waits."""
    installation.enter_to_act()
    from seqlense.privacy import proofs

    now = clock.now()
    proofs.cosign(now=now)
    proofs.stamp(now=now)
    _status(speaker, proofs.watched())


@command.command(
    help=_("Last timestamp, days that wait for one, and what witnesses saw. Exit code 1 while a day waits."),
    epilog=examples("seqlense proofs status", "seqlense proofs status --json"),
)
@speaks
def status(speaker: Speaker) -> None:
    """Reads the log's folder only."""
    installation.enter()
    from seqlense.privacy import proofs

    _status(speaker, proofs.watched())


def _status(speaker: Speaker, found: Any) -> None:
    if not found.authority:
        speaker.say(_("No timestamp authority is set up (SEQLENSE_TIMESTAMP_URL)."))
    if found.last is not None:
        text = _("Last timestamp: {moment} UTC, for the checkpoint of {day}.")
        speaker.say(text.format(moment=f"{found.last.moment:%Y-%m-%d %H:%M:%S}", day=found.last.on))
    for day in found.waiting:
        speaker.say(_("Waiting for a timestamp: {day}. It is asked for each hour.").format(day=day.on))
    for name, moment in found.witnesses:
        seen = f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else _("never")
        speaker.say(_("Witness {name}: {seen}").format(name=name, seen=seen))
    speaker.document(
        {
            "authority": found.authority,
            "last": found.last and {"day": found.last.on, "at": found.last.moment},
            "waiting": [day.on for day in found.waiting],
            "witnesses": [{"name": name, "at": moment} for name, moment in found.witnesses],
        }
    )
    if found.waiting:
        raise click.exceptions.Exit(FOUND)
