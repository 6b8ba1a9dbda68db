"""What the switches refuse."""

from seqlense.privacy.errors import PrivacyError


class NotOffered(PrivacyError):
    """The law gives no such right over that activity, no activity is called so, or the person is erased."""

    code = "switch-not-offered"


class AlreadyDecided(PrivacyError):
    """That objection was decided, or taken back."""

    code = "objection-decided"


class AlreadyLifted(PrivacyError):
    """That switch is in force no more."""

    code = "switch-lifted"


class ReasonMissing(PrivacyError, ValueError):
    """An objection is overridden for a ground that the law knows, in words that the person reads."""

    code = "reason-missing"
