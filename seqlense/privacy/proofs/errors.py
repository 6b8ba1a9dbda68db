"""What can go wrong with timestamps, witnesses and proofs."""

from seqlense.privacy.errors import PrivacyError


class ProofsError(PrivacyError):
    """Root of these errors."""

    code = "proofs"


class AuthorityAway(ProofsError):
    """The timestamp authority doesn't answer, or answers that it can't now: asked again in an hour."""

    code = "timestamp-authority-away"


class TimestampRefused(ProofsError, ValueError):
    """What the authority gave, or what lies in a file, isn't its timestamp of this very text at that time."""

    code = "timestamp-refused"


class AuthorityUnknown(ProofsError):
    """The file with the timestamp authority's certificates can't be read, or holds none."""

    code = "timestamp-authority-unknown"


class WitnessAway(ProofsError):
    """A witness doesn't answer, or doesn't cosign."""

    code = "witness-away"


class WitnessRefused(ProofsError, ValueError):
    """What a witness answered isn't its cosignature of that checkpoint."""

    code = "witness-refused"


class NothingToProve(ProofsError, LookupError):
    """No act of that request has an opening any more, or there never was such a request."""

    code = "nothing-to-prove"


class Broken(ProofsError, ValueError):
    """What was handed in as a proof shows something else, or nothing.

    code: which part is wrong: "file", "key", "checkpoint", "entry", "tile", "consistency", "timestamp",
    "witness" or "bundle".
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
