"""Whom a command is about: an opaque id, or an e-mail address that never stands on the command line."""

import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import click

from seqlense.project.cli.failing import USAGE, Refused
from seqlense.project.cli.speech import gettext as _


def names_somebody[F: Callable[..., Any]](function: F) -> F:
    """Adds the argument SUBJECT and the switch `--email`."""
    switch = click.option(
        "--email",
        "by_email",
        is_flag=True,
        help=_("Ask for an e-mail address instead of an id; or read it as one line from a pipe."),
    )
    return switch(click.argument("subject", type=click.UUID, required=False)(function))


def somebody(subject: UUID | None, *, by_email: bool) -> UUID:
    """The subject meant. Raises Refused when there is none, and click.UsageError when it is unclear."""
    from seqlense.privacy import subjects
    from seqlense.privacy.models import Subject

    if (subject is None) is not by_email:
        raise click.UsageError(_("Name the person by id, or give --email and type the address when asked."))
    if subject is None:
        found = subjects.find("email", _address())
    else:
        found = subject if Subject.objects.filter(pk=subject).exists() else None
    if found is None:
        raise Refused("unknown-subject", _("Nobody is known by that."))
    return found


def _address() -> str:
    # Not an argument: arguments stay in the shell's history and are shown to every user of the machine.
    if sys.stdin.isatty():
        return str(click.prompt(_("E-mail address"), err=True))
    line = sys.stdin.readline().strip()
    if not line:
        raise Refused("no-address", _("No address came through the pipe."), exit_code=USAGE)
    return line
