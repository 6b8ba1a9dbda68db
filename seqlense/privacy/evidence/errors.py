"""What can go wrong when evidence is gathered."""

from seqlense.privacy.errors import PrivacyError


class EvidenceError(PrivacyError):
    """Root of these errors."""

    code = "evidence"


class NotYet(EvidenceError, ValueError):
    """Nothing can be shown as of a day that hasn't come."""

    code = "evidence-not-yet"


class PlaceTaken(EvidenceError, FileExistsError):
    """Something lies where the bundle should go: evidence is never written over."""

    code = "evidence-place-taken"


class NoLog(EvidenceError):
    """This installation publishes no log, or nothing is sealed in it yet: there is nothing to prove with."""

    code = "evidence-no-log"
