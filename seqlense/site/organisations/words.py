"""What this room's refusals say to people. A test finds every code here."""

from typing import Final

from django.utils.translation import gettext_lazy

from seqlense.organisations.errors import AddressesRefused, OrganisationError
from seqlense.organisations.models import LONGEST_NAME

WORDS: Final = {
    "organisations.name.text-empty": gettext_lazy("Give the organisation a name."),
    "organisations.name.text-too-long": gettext_lazy("That name is too long: 120 characters at most."),
    "organisations.name.text-control-character": gettext_lazy(
        "That name contains invisible control characters. Type it again rather than pasting it."
    ),
    "organisations.name.text-direction-override": gettext_lazy(
        "That name contains marks that reverse the direction of reading. Remove them."
    ),
    "organisations.name.text-link": gettext_lazy(
        "A name stands in mails to others: it can't hold the address of a page. Leave that out."
    ),
    "organisations.changed-meanwhile": gettext_lazy(
        "Somebody changed this while the page was open. What is shown here is how it stands now; nothing was "
        "overwritten. Make your change again if it is still needed."
    ),
    "organisations.owner-stays": gettext_lazy(
        "An organisation always has an owner. Hand it over to another member, or close it, first."
    ),
    "organisations.too-many.founded": gettext_lazy(
        "You have created many organisations in a short time. Try again in a few hours."
    ),
    "organisations.too-many.invitations": gettext_lazy(
        "Many invitations have left this organisation in a short time. Nobody was invited; try again later."
    ),
    "organisations.too-many.addresses": gettext_lazy(
        "Invite at most twenty people at once. Nobody was invited."
    ),
    "organisations.address.malformed": gettext_lazy("Line %(line)s is not an e-mail address."),
    "organisations.address.self": gettext_lazy("Line %(line)s is your own address: you already belong here."),
    "organisations.address.member": gettext_lazy(
        "Line %(line)s already belongs to a member of the organisation."
    ),
    "organisations.address.recent": gettext_lazy(
        "Line %(line)s was invited a few minutes ago. Wait ten minutes before you send another mail."
    ),
    "organisations.address.often": gettext_lazy(
        "Line %(line)s has been invited five times already. We do not write to that address again for this "
        "organisation; speak to the person another way."
    ),
    "organisations.invitation.role": gettext_lazy("Your role does not let you give that role."),
    "organisations.invitation.recent": gettext_lazy(
        "This invitation left a few minutes ago. Wait ten minutes before you send it again."
    ),
    "organisations.invitation.often": gettext_lazy(
        "This invitation has been sent five times. Speak to the person another way."
    ),
    "organisations.invitation.accepted": gettext_lazy("This invitation was accepted in the meantime."),
    "organisations.invitation.declined": gettext_lazy("This invitation was declined in the meantime."),
    "organisations.invitation.withdrawn": gettext_lazy("This invitation was withdrawn in the meantime."),
    "organisations.invitation.unknown": gettext_lazy("This invitation no longer exists."),
    "organisations.invitation.expired": gettext_lazy("This invitation has expired."),
    "organisations.invitation.forged": gettext_lazy(
        "This link is not one of ours, or part of it is missing."
    ),
    "organisations.invitation.void": gettext_lazy("Who sent this invitation may no longer invite."),
    "organisations.invitation.foreign": gettext_lazy("This invitation was sent to another address."),
    "organisations.invitation.unverified": gettext_lazy("Confirm your address before you answer."),
    "organisations.handover.self": gettext_lazy("You already own this organisation."),
    "organisations.handover.none": gettext_lazy("There is no such offer any more."),
    "organisations.handover.expired": gettext_lazy("This offer has expired. Ask the owner to make it again."),
    "organisations.handover.pending": gettext_lazy(
        "The organisation is already offered to somebody else. Take that offer back first."
    ),
    "organisations.second-factor": gettext_lazy(
        "Set up a second factor on your own account first, so that you do not shut yourself out."
    ),
}


def of(refused: OrganisationError) -> str:
    """The refusal in the reader's language."""
    if isinstance(refused, AddressesRefused):
        return " ".join(str(WORDS[line.code]) % {"line": line.line} for line in refused.lines)
    return str(WORDS[refused.code])


def lines(refused: AddressesRefused) -> list[str]:
    """One sentence for each address that can't be invited."""
    return [str(WORDS[line.code]) % {"line": line.line} for line in refused.lines]


assert LONGEST_NAME == 120  # said in the words above
