"""What is refused about consent."""

from seqlense.privacy.errors import PrivacyError


class ConsentRefused(PrivacyError):
    """A consent or a choice that can't be taken as it was sent."""

    code = "consent-refused"


class UnknownPurpose(ConsentRefused, ValueError):
    """The running register asks for no such consent."""

    code = "unknown-purpose"


class UnknownPerson(ConsentRefused, LookupError):
    """There is no such person, or nothing is left of them."""

    code = "unknown-person"


class Malformed(ConsentRefused, ValueError):
    """It isn't what the panel sends."""

    code = "malformed"


class UnknownService(ConsentRefused, ValueError):
    """The running register knows no such outside service to choose on."""

    code = "unknown-service"


class UnknownDisplay(ConsentRefused, ValueError):
    """Nobody was ever shown that."""

    code = "unknown-display"
