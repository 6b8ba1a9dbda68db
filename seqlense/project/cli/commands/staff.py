"""`seqlense staff`: who of the company may do what; how the first administrator is made."""

from uuid import UUID

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.failing import Refused
from seqlense.project.cli.people import names_somebody, somebody
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _

ROLES = ("platform_administrator", "data_protection_officer")


@click.group(help=_("Roles of the company's own staff. The first administrator is made here."))
def command() -> None:
    """The group."""


@command.command(
    help=_("Give a role to somebody who has signed up, verified their address and has a second factor."),
    epilog=examples("seqlense staff grant platform_administrator --email"),
)
@click.argument("role", type=click.Choice(ROLES))
@names_somebody
@speaks
def grant(speaker: Speaker, role: str, subject: UUID | None, by_email: bool) -> None:
    """Ends the person's sessions; they are told by mail."""
    installation.enter_to_act()
    from seqlense.accounts import staff
    from seqlense.accounts.errors import SecondFactorMissing
    from seqlense.accounts.models import Account, StaffRole
    from seqlense.privacy.actor import Actor

    person = somebody(subject, by_email=by_email)
    account = Account.objects.filter(subject_id=person).first()
    if account is None or not account.is_active:
        raise Refused(
            "staff.no-account", _("That person has no open, verified account: let them sign up first.")
        )
    try:
        row = staff.grant(account, StaffRole.Role(role), actor=Actor.system("command line"), now=clock.now())
    except SecondFactorMissing:
        raise Refused(
            "staff.no-second-factor",
            _(
                "That person signs in with a password alone. Staff need two factors: have them add a passkey "
                "or a code application on their security page, then repeat this command."
            ),
        ) from None
    speaker.say(
        _("{person} is {role} from now on and has been told by mail.").format(person=person, role=role)
    )
    speaker.document({"subject": person, "role": role, "since": row.since})


@command.command(
    help=_("Take a role away. Exit code 1 if the person didn't have it."),
    epilog=examples("seqlense staff revoke data_protection_officer 01a2…"),
)
@click.argument("role", type=click.Choice(ROLES))
@names_somebody
@speaks
def revoke(speaker: Speaker, role: str, subject: UUID | None, by_email: bool) -> None:
    """Ends the person's sessions at once."""
    installation.enter_to_act()
    from seqlense.accounts import staff
    from seqlense.accounts.models import Account, StaffRole
    from seqlense.privacy.actor import Actor

    person = somebody(subject, by_email=by_email)
    account = Account.objects.filter(subject_id=person).first()
    had = account is not None and staff.withdraw(
        account, StaffRole.Role(role), actor=Actor.system("command line"), now=clock.now()
    )
    if not had:
        raise Refused("staff.no-role", _("That person doesn't have the role."))
    speaker.say(
        _("{person} is no longer {role}; their sessions have ended.").format(person=person, role=role)
    )
    speaker.document({"subject": person, "role": role, "revoked": True})


@command.command(
    name="list", help=_("Who has which role, by id."), epilog=examples("seqlense staff list --json")
)
@speaks
def list_(speaker: Speaker) -> None:
    """No name is shown: the console shows names to those who may see them."""
    installation.enter_to_act()
    from seqlense.accounts.models import StaffRole

    held = StaffRole.objects.filter(until__isnull=True).order_by("role", "since")
    rows = [(row.role, row.subject_id, row.since) for row in held.only("id", "role", "subject_id", "since")]
    if rows:
        speaker.table([_("role"), _("person"), _("since")], rows)
    else:
        speaker.say(_("Nobody has a role yet: seqlense staff grant platform_administrator --email"))
    speaker.document([{"role": role, "subject": subject, "since": since} for role, subject, since in rows])
