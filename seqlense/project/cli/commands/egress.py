"""`seqlense egress`: where the product may connect, as rules for what stands outside of it."""

import re

import click

from seqlense.project.cli import installation
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _

FOUND = 1
ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,31}")


@click.group(
    help=_("Hosts outside: only those that recipients of the running register declare, and your own.")
)
def command() -> None:
    """The group."""


def _account(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    if not ACCOUNT.fullmatch(name):
        raise click.BadParameter(_("That is no account name of this system."))
    return name


@command.command(
    help=_(
        "Print rules for a firewall (nftables) or a forward proxy (Squid) that let the product reach what "
        "the register declares, and nothing else. Exit code 1 when a name has no address now."
    ),
    epilog=examples(
        "seqlense egress rules --format nftables | nft -f -", "seqlense egress rules --format proxy"
    ),
)
@click.option(
    "--format", "form", type=click.Choice(["nftables", "proxy"]), required=True, help=_("For what.")
)
@click.option(
    "--user",
    default="seqlense",
    show_default=True,
    callback=_account,
    help=_("Account that the product runs as; for nftables."),
)
@speaks
def rules(speaker: Speaker, form: str, user: str) -> None:
    """Addresses are those of now: load the rules again by a timer."""
    installation.enter()
    from seqlense.privacy import egress

    allows = egress.allowed()
    found = egress.addresses_of(allows) if form == "nftables" else {}
    text = egress.proxy_rules(allows) if form == "proxy" else egress.nftables_rules(allows, user, found=found)
    unknown = sorted(name for name, addresses in found.items() if not addresses)
    speaker.say(text.rstrip("\n"))
    speaker.document({"format": form, "rules": text, "unknown": unknown})
    if unknown:
        click.echo(_("No address is known now for: {names}").format(names=", ".join(unknown)), err=True)
        raise click.exceptions.Exit(FOUND)
