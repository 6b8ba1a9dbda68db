"""What can go wrong with people's data. No message ever repeats a value that was sealed or meant to be."""

from __future__ import annotations

from django.core.exceptions import FieldError


class PrivacyError(Exception):
    """Root of the kernel's errors. code: stable, for logs and programs."""

    code = "privacy"


class Explained(PrivacyError):
    """An error whose own words say what to do, to the operator: they never quote anybody's data."""

    code = "explained"


class Erased(PrivacyError):
    """The key of that person and activity was destroyed: nobody can read the value any more, as meant."""

    code = "erased"


class SealBroken(PrivacyError):
    """A ciphertext doesn't belong where it lies: altered, or copied from another row, column or activity."""

    code = "seal-broken"


class Unsealable(PrivacyError, ValueError):
    """A value of the wrong kind for its sealed column, or a row that doesn't yet say whom it is about."""

    code = "unsealable"


class SealedQuery(PrivacyError, FieldError):
    """A question that the database can't answer, as it sees only ciphertext."""

    code = "sealed-query"


class InvalidHandle(PrivacyError, ValueError):
    """A handle of unknown kind, or a value that can't be one (a malformed address or number)."""

    code = "invalid-handle"


class HandleTaken(PrivacyError):
    """That handle already leads to another person."""

    code = "handle-taken"
