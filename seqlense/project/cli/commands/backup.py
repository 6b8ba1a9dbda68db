"""`seqlense backup`: backups of data, documents and keystore, and bringing one back."""

import os
import sys
from typing import Any
from urllib.parse import urlsplit

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.failing import USAGE, Refused
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _

FOUND = 1
CHAINS = ("data", "documents", "keystore")
KIB, MIB, GIB = 1024, 1024**2, 1024**3


@click.group(help=_("Backups of data, documents and keystore. See docs/operator.md, Backups."))
def command() -> None:
    """The group."""


@command.command(
    help=_(
        "Back up now, then remove what is over its time. Exit code 1 when an old copy couldn't be removed."
    ),
    epilog=examples("seqlense backup create", "seqlense backup create --chain data --json"),
)
@click.option(
    "--chain", "chains", multiple=True, type=click.Choice(CHAINS), help=_("Only this; may be repeated.")
)
@speaks
def create(speaker: Speaker, chains: tuple[str, ...]) -> None:
    """The worker does the same each night."""
    installation.enter_to_act()
    from seqlense.privacy import backups
    from seqlense.privacy.actor import Actor

    wanted = [one for one in backups.CHAINS if one in (chains or CHAINS)]
    watched = sys.stderr.isatty() and not speaker.as_json

    written: dict[str, int] = {}

    def report(chain: str, more: int) -> None:
        written[chain] = written.get(chain, 0) + more
        if watched:
            click.echo(f"\r{chain}: {_size(written[chain])}\033[K", err=True, nl=False)

    made = backups.create(wanted, actor=Actor.system("command line"), now=clock.now(), report=report)
    if watched:
        click.echo("\r\033[K", err=True, nl=False)
    speaker.table([_("backup"), _("size")], [(one.name, _size(one.size)) for one in made.backups])
    speaker.document({"backups": [_manifest(one) for one in made.backups], **_pruned(made.pruned)})
    _tell_pruned(speaker, made.pruned)


@command.command(
    name="list",
    help=_(
        "What there is, of when, and until when. Exit code 1 when something is wrong with one at a glance."
    ),
    epilog=examples("seqlense backup list", "seqlense backup list --json"),
)
@speaks
def list_(speaker: Speaker) -> None:
    """Manifests are read and their signatures checked; for the content there is `verify`."""
    installation.enter()
    from seqlense.privacy import backups

    now, found = clock.now(), backups.everything()
    rows = [
        (
            one.name,
            _age(one.age(now)),
            _size(one.manifest.size) if one.manifest else None,
            one.until.date() if one.until else None,
            one.code or _("signed"),
        )
        for one in found
    ]
    if rows:
        speaker.table([_("backup"), _("age"), _("size"), _("goes on"), _("state")], rows)
    else:
        speaker.say(_("There are no backups yet: seqlense backup create"))
    speaker.document(
        [
            {
                "name": one.name,
                "chain": one.chain,
                "at": one.place.at,
                "until": one.until,
                "code": one.code,
                "size": one.manifest.size if one.manifest else None,
                "epoch": one.manifest.epoch if one.manifest else None,
                "log_size": one.manifest.log_size if one.manifest else None,
            }
            for one in found
        ]
    )
    if any(one.code for one in found):
        raise click.exceptions.Exit(FOUND)


@command.command(
    help=_("Read every byte of a backup, or of all: whole, unaltered, of this installation?"),
    epilog=examples(
        "seqlense backup verify", "seqlense backup verify data-2026-11-23T021700Z-until-2026-12-28"
    ),
)
@click.argument("names", nargs=-1)
@speaks
def verify(speaker: Speaker, names: tuple[str, ...]) -> None:
    """Exit code 1 when one isn't; the others are read all the same."""
    installation.enter()
    from seqlense.privacy import backups
    from seqlense.privacy.errors import PrivacyError

    known = backups.everything()
    found: list[dict[str, Any]] = []
    length = sum(one.manifest.size for one in known if one.manifest and one.name in (names or [one.name]))
    with speaker.progress(_("Reading"), length) as bar:
        for name in names or [one.name for one in known]:
            try:
                found.append(_manifest(backups.verify(name, progress=bar.update)) | {"code": ""})
            except PrivacyError as wrong:
                found.append({"name": name, "code": wrong.code, "message": str(wrong)})
    for one in found:
        speaker.say(f"{one['name']}: {one.get('message') or _('whole and unaltered')}")
    speaker.document(found)
    if any(one["code"] for one in found):
        raise click.exceptions.Exit(FOUND)


@command.command(
    help=_(
        "Remove what is over its time, and what was cut off. Exit code 1 when a copy couldn't be removed."
    ),
    epilog=examples("seqlense backup prune"),
)
@speaks
def prune(speaker: Speaker) -> None:
    """Of the keystore the latest copy stays, and none made under an earlier epoch."""
    installation.enter_to_act()
    from seqlense.privacy import backups
    from seqlense.privacy.actor import Actor

    done = backups.prune(now=clock.now(), actor=Actor.system("command line"))
    speaker.document(_pruned(done))
    _tell_pruned(speaker, done)


@command.command(
    help=_(
        "Bring a backup back: data into an empty database, the keystore or documents where there are none. "
        "Restored data is locked until: seqlense restore finish"
    ),
    epilog=examples(
        "seqlense backup restore data-2026-11-23T021700Z-until-2026-12-28",
        "PGPASSFILE=~/.pgpass seqlense backup restore data-… --into postgresql://seqlense@db2/seqlense",
    ),
)
@click.argument("name")
@click.option("--into", metavar="URL", help=_("Another database than DATABASE_URL's. Without a password."))
@click.option("--replace", is_flag=True, help=_("Destroy what the database holds. Asks for its name."))
@speaks
def restore(speaker: Speaker, name: str, into: str | None, replace: bool) -> None:
    """Verified before the first byte is written."""
    installation.enter()
    from psycopg.errors import InsufficientPrivilege

    from seqlense.privacy.backups import everything
    from seqlense.privacy.backups.programs import Server
    from seqlense.privacy.restoring import restore as restoring
    from seqlense.project import database

    server = _server(into) if into else Server.of("default")
    if replace:
        _confirm(speaker, server.name)

    def roles(line: Any) -> None:
        owner = str(line.info.user)
        try:
            if not database.roles_ready(line, owner=owner):
                database.create_roles(line, owner=owner)
        except InsufficientPrivilege:
            text = _(
                "The role {owner} may not create roles. Let a superuser of the database run: {statements}"
            )
            wanted = "; ".join(database.statements_for_superuser(owner))
            raise Refused("database.roles", text.format(owner=owner, statements=wanted)) from None

    def rights(line: Any) -> None:
        database.grant_by_default(line, owner=str(line.info.user))

    size = next((one.manifest.size for one in everything() if one.name == name and one.manifest), 0)
    with speaker.progress(_("Reading"), size) as bar:
        done = restoring.restore(
            name,
            now=clock.now(),
            into=server,
            replace=replace,
            before=roles,
            after=rights,
            progress=bar.update,
        )
    speaker.say(_("{name} is back.").format(name=done.name))
    if done.chain == "data":
        speaker.say(_("Nothing is served until what was done since is done again: seqlense restore finish"))
    speaker.document(_manifest(done))


def _server(url: str) -> Any:
    from seqlense.privacy.backups.programs import Server

    # An argument stays in the shell's history and is shown to every user of the machine.
    if urlsplit(url).password:
        raise Refused(
            "password-on-command-line",
            _("Leave the password out of the URL: give it by PGPASSWORD or PGPASSFILE."),
            exit_code=USAGE,
        )
    try:
        server = Server.parse(url)
    except ValueError:
        raise Refused("no-url", _("Write postgresql://user@host/name"), exit_code=USAGE) from None
    password = os.environ.get("PGPASSWORD")
    return Server({**server.parameters, **({"password": password} if password else {})})


def _confirm(speaker: Speaker, name: str) -> None:
    if speaker.as_json or not sys.stdin.isatty():
        typed = sys.stdin.readline().strip()
    else:
        click.echo(_("All that the database {name} holds will be destroyed.").format(name=name), err=True)
        typed = click.prompt(_("Type the name of the database to go on"), err=True)
    if typed != name:
        raise Refused("not-confirmed", _("That isn't its name: nothing was changed."), exit_code=USAGE)


def _tell_pruned(speaker: Speaker, pruned: Any) -> None:
    for name in pruned.removed:
        speaker.say(_("Removed: {name}").format(name=name))
    for name in pruned.staying:
        speaker.say(
            _("Can't be removed: {name}. Remove it by hand now, as root if need be.").format(name=name)
        )
    if pruned.staying:
        raise click.exceptions.Exit(FOUND)


def _pruned(pruned: Any) -> dict[str, Any]:
    return {"removed": pruned.removed, "staying": pruned.staying}


def _manifest(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "chain": one.chain,
        "created_at": one.created_at,
        "size": one.size,
        "epoch": one.epoch,
        "log_size": one.log_size,
        "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in one.files],
    }


def _size(size: int) -> str:
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} B"


def _age(age: Any) -> str:
    hours = int(age.total_seconds() // 3600)
    return _("{n} d").format(n=hours // 24) if hours >= 48 else _("{n} h").format(n=max(hours, 0))
