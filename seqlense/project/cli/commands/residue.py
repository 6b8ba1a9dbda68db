"""`seqlense residue`: what disks, logs and backups still hold of people."""

import os
import sys
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click
import psycopg

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.failing import AWAY, FOUND, USAGE, Refused
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _
from seqlense.project.cli.speech import ngettext

PRIVATE: Final = 0o600
SHOWN: Final = 50
REASON: Final = "residue scan"
VARIABLES: Final = {"default": "DATABASE_URL", "keys": "SEQLENSE_KEYS_URL"}


@click.group(help=_("Search files as bytes for what names somebody. See docs/operator.md."))
def command() -> None:
    """The group."""


@command.command(
    help=_(
        "Look for people's own data in every file of this installation, and in places given. Markers never "
        "stand on the command line: they are a person's sealed values (--subject), or lines of a file. "
        "Exit code 1 when something was found, 3 when something could not be read."
    ),
    epilog=examples(
        "seqlense residue scan --subject 01a2… --save markers.sealed",
        "seqlense residue scan --marker-file markers.sealed --place /mnt/backups",
        "seqlense residue scan --marker-file - --only --place /dev/sdb1",
    ),
)
@click.option(
    "--subject",
    "subjects",
    type=click.UUID,
    multiple=True,
    help=_("Look for this person's sealed values, opened now. May be repeated; noted as reading."),
)
@click.option(
    "--reason", default=REASON, show_default=True, help=_("Why they are opened; the person can read it.")
)
@click.option(
    "--marker-file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help=_("Look for the lines of this file, or of a sealed one; - reads them from a pipe."),
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Seal the markers into this file under a passphrase, and search later; it must not exist."),
)
@click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("File that holds the passphrase; without it, it is asked for."),
)
@click.option(
    "--place",
    "places",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help=_("Search this file, folder or disk, too. May be repeated."),
)
@click.option("--only", is_flag=True, help=_("Search the places given and nothing else."))
@speaks
def scan(
    speaker: Speaker,
    subjects: tuple[UUID, ...],
    reason: str,
    marker_file: Path | None,
    save: Path | None,
    passphrase_file: Path | None,
    places: tuple[Path, ...],
    only: bool,
) -> None:
    """Needs no installation where markers come from a file and only given places are searched."""
    if bool(subjects) is (marker_file is not None):
        raise click.UsageError(_("Say what to look for: --subject, or --marker-file."))
    if only and not places:
        raise click.UsageError(_("With --only, give at least one --place."))
    markers = (
        _of_subjects(subjects, reason) if marker_file is None else _of_file(marker_file, passphrase_file)
    )
    if save:
        _save(speaker, markers, save, passphrase_file)
    else:
        _search(speaker, markers, places, only=only)


def _of_subjects(subjects: tuple[UUID, ...], reason: str) -> tuple[Any, ...]:
    """Opens what the people's columns hold; each is told who did, and why."""
    installation.enter_to_act()
    from django.db import transaction

    from seqlense.privacy import acts, residue
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.models import Subject
    from seqlense.privacy.residue.errors import NoMarkers

    now, actor = clock.now(), Actor.system("command line")
    if Subject.objects.filter(pk__in=subjects).count() != len(set(subjects)):
        raise Refused("unknown-subject", _("Nobody is known by that."))
    try:
        with transaction.atomic():
            for subject in subjects:
                acts.record_staff("privacy.read", actor=actor, subject=subject, reason=reason, now=now)
            return residue.of_subjects(subjects, now=now)
    except NoMarkers:
        raise Refused("nothing-to-look-for", _("No readable value is held that is long enough.")) from None


def _of_file(file: Path, passphrase_file: Path | None) -> tuple[Any, ...]:
    from seqlense.privacy import residue
    from seqlense.privacy.residue import errors, sealed_file

    content = sys.stdin.buffer.read() if file == Path("-") else file.read_bytes()
    try:
        if sealed_file.is_sealed(content):
            return sealed_file.unseal(content, _passphrase(passphrase_file, twice=False))
        return residue.typed(content.decode("utf-8-sig"))
    except (errors.NotAMarkerFile, UnicodeDecodeError):
        text = _("That is no file of markers: text in UTF-8, one a line, or what --save wrote.")
        raise Refused("not-a-marker-file", text, exit_code=USAGE) from None
    except errors.NoMarkers:
        raise Refused("no-markers", _("There is no marker in it."), exit_code=USAGE) from None
    except errors.MarkerTooShort as short:
        text = _("Marker {n} is shorter than six characters: it would be found by chance.")
        raise Refused("marker-too-short", text.format(n=short.number), exit_code=USAGE) from None
    except errors.WrongPassphrase:
        text = _("The file of markers doesn't open: another passphrase, or altered.")
        raise Refused("wrong-passphrase", text, exit_code=USAGE) from None


def _passphrase(file: Path | None, *, twice: bool) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    if not sys.stdin.isatty():
        text = _("Give --passphrase-file: there is nobody to ask.")
        raise Refused("no-passphrase", text, exit_code=USAGE)
    return str(click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=twice, err=True))


def _save(speaker: Speaker, markers: tuple[Any, ...], save: Path, passphrase_file: Path | None) -> None:
    from seqlense.privacy.residue import errors, sealed_file

    try:
        sealed = sealed_file.seal(markers, _passphrase(passphrase_file, twice=True))
    except errors.WeakPassphrase:
        raise Refused(
            "weak-passphrase", _("A passphrase has at least twelve characters."), exit_code=USAGE
        ) from None
    with os.fdopen(os.open(save, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        file.write(sealed)
    text = ngettext(
        "{n} marker sealed in {file}. Destroy it after the last search.",
        "{n} markers sealed in {file}. Destroy it after the last search.",
        len(markers),
    )
    speaker.say(text.format(n=len(markers), file=save))
    speaker.document({"markers": len(markers), "file": save})


def _search(speaker: Speaker, markers: tuple[Any, ...], places: tuple[Path, ...], *, only: bool) -> None:
    from seqlense.privacy import residue

    elsewhere: tuple[str, ...] = ()
    if not only:
        installation.enter()
        _write_down()
        known = residue.whereabouts(places)
        places = known.places
        elsewhere = tuple(VARIABLES[one] for one in known.elsewhere)
    with speaker.progress(_("Searching"), 100) as bar:
        shown = 0

        def step(done: int, total: int) -> None:
            nonlocal shown
            percent = done * 100 // max(total, 1)
            bar.update(percent - shown)
            shown = percent

        found = residue.scan(places, markers, progress=step)
    _tell(speaker, found, markers, elsewhere)
    speaker.document(
        {
            "markers": len(markers),
            "places": list(places),
            "elsewhere": elsewhere,
            "files": found.files,
            "bytes": found.bytes,
            "count": found.count,
            "found": [{**_plain(one), "about": markers[one.marker - 1].about} for one in found.found],
            "unread": [_plain(one) for one in found.unread],
        }
    )
    if found.count:
        raise click.exceptions.Exit(FOUND)
    if found.unread:
        raise click.exceptions.Exit(AWAY)


def _plain(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def _write_down() -> None:
    """Have the embedded server write to its files what it has in memory; any other does so by itself."""
    from seqlense.project.embedded import Cluster
    from seqlense.project.environment import socket_folder
    from seqlense.project.settings import ENVIRONMENT

    home = ENVIRONMENT.home
    cluster = Cluster(
        data=home / "postgresql", socket=socket_folder(home), log=home / "log" / "postgresql.log"
    )
    if ENVIRONMENT.database.embedded and cluster.answers():
        with psycopg.connect(cluster.conninfo, autocommit=True) as superuser:
            superuser.execute("CHECKPOINT")


def _tell(speaker: Speaker, found: Any, markers: tuple[Any, ...], elsewhere: tuple[str, ...]) -> None:
    if found.found:
        rows = [
            (
                one.marker,
                markers[one.marker - 1].about,
                one.form,
                " > ".join(one.inside),
                one.offset,
                one.path,
            )
            for one in found.found[:SHOWN]
        ]
        speaker.table([_("marker"), _("about"), _("form"), _("inside"), _("offset"), _("file")], rows)
        if found.count > SHOWN:
            speaker.say(_("… and {n} more: see --json.").format(n=found.count - SHOWN))
    if found.unread:
        reasons = _reasons()
        speaker.table(
            [_("not searched"), _("offset"), _("file")],
            [(reasons.get(one.reason, one.reason), one.offset, one.path) for one in found.unread[:SHOWN]],
        )
        if len(found.unread) > SHOWN:
            speaker.say(_("… and {n} more: see --json.").format(n=len(found.unread) - SHOWN))
    for variable in elsewhere:
        text = _("The database of {variable} is elsewhere: search its folder there, with --only --place.")
        speaker.say(text.format(variable=variable))
    count = ngettext("{n} finding", "{n} findings", found.count).format(n=found.count)
    text = _("{count}: {markers} markers sought in {files} files, {size} MB.")
    speaker.say(
        text.format(count=count, markers=len(markers), files=found.files, size=round(found.bytes / 1e6))
    )


def _reasons() -> dict[str, str]:
    return {
        "denied": _("no right to read"),
        "missing": _("not there"),
        "failed": _("read error"),
        "encrypted": _("encrypted archive"),
        "unknown-packing": _("unknown compression"),
        "too-deep": _("packed too deep"),
        "beyond-measure": _("unpacks without end"),
    }
