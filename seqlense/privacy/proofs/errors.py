"""What can go wrong with timestamps, witnesses and proofs."""

from typing import Final

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

    code: what is wrong: one of REASONS. about: which one of several, by number, path or name of ours.
    """

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(REASONS[code].format(about=about))
        self.code = code
        self.about = about


REASONS: Final = {
    "file": "This is no proof file, log or evidence bundle, or it is damaged.",
    "key": "This was made with another key than the one given: {about}.",
    "checkpoint": "The checkpoint was altered, or the log's key did not sign it.",
    "entry": "Entry {about} was altered, or is not in the log.",
    "tile": "A tile was altered or is missing: {about}.",
    "consistency": "The log is no continuation of the older checkpoint: {about}.",
    "timestamp": "The timestamp does not hold: {about}.",
    "authority": "No certificate of a timestamp authority was given, nor found beside the timestamp.",
    "witness": "The cosignature of {about} does not hold, or is missing.",
    "bundle": "A file of the evidence bundle was altered or is missing: {about}.",
}
"""Reasons for which a proof is refused, by code."""
