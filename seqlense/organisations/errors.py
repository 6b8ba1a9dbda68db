"""Why a verb of this room refused. The code is stable; the words for it belong to the pages."""

from datetime import datetime


class OrganisationError(Exception):
    """Base of this room's refusals."""

    code = "organisations.refused"

    def __init__(self, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(self.code)


class NotFound(OrganisationError):
    """No such organisation, member or invitation; or none that this person may know of. Never says which."""

    code = "organisations.not-found"


class NotAllowed(OrganisationError):
    """The person belongs to the organisation, but their role doesn't permit this."""

    code = "organisations.not-allowed"


class Closed(OrganisationError):
    """The organisation is closed: it can be looked at and reopened by its owner, nothing else."""

    code = "organisations.closed"


class InvalidName(OrganisationError):
    """`code`: organisations.name.text-empty, .text-too-long, .text-control-character, .text-direction-
    override, .text-link.
    """


class ChangedMeanwhile(OrganisationError):
    """Somebody else saved the same thing since the form was shown. Nothing was overwritten."""

    code = "organisations.changed-meanwhile"


class OwnerStays(OrganisationError):
    """An organisation always has an owner: hand it over or close it first."""

    code = "organisations.owner-stays"


class TooMany(OrganisationError):
    """A ceiling against abuse was reached.

    code: organisations.too-many.founded, .invitations, .addresses.
    again_at: when it will be taken again, or None where the form itself asked too much.
    """

    def __init__(self, code: str, again_at: datetime | None = None) -> None:
        super().__init__(code)
        self.again_at = again_at


class AddressRefused(OrganisationError):
    """One of the addresses can't be invited. `line`: which, counted from 1.

    code: organisations.address.self, .member, .malformed, .recent (invited minutes ago), .often (too many
    times).
    """

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code)
        self.line = line


class AddressesRefused(OrganisationError):
    """Nobody was invited: what is wrong, line by line. Holds no address."""

    code = "organisations.addresses"

    def __init__(self, lines: list[AddressRefused]) -> None:
        super().__init__()
        self.lines = lines


class InvitationRefused(OrganisationError):
    """An invitation can't be used any more, or not by this person.

    code: organisations.invitation.forged, .unknown, .expired, .void, .withdrawn, .accepted, .declined,
    .foreign, .unverified, .role, .recent, .often.
    on: since when, where a date says more.
    """

    def __init__(self, code: str, on: datetime | None = None) -> None:
        super().__init__(code)
        self.on = on


class HandoverRefused(OrganisationError):
    """`code`: organisations.handover.self, .none, .expired, .pending."""


class SecondFactorMissing(OrganisationError):
    """The organisation asks for a second factor, and this person has set up none."""

    code = "organisations.second-factor"
