"""Why a verb of this room refused. The code is stable; the words for it belong to the pages."""

from datetime import timedelta


class AccountError(Exception):
    """Base of this room's refusals."""

    code = "accounts.refused"

    def __init__(self, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(self.code)


class WeakPassword(AccountError):
    """`code`: accounts.password.short, .long, .known, .simple, .personal or .text."""


class LinkRefused(AccountError):
    """`code`: accounts.link.forged, .expired, .used, .replaced or .foreign."""


class SignInRefused(AccountError):
    """Wrong address, password or code: never says which."""

    code = "accounts.sign-in.refused"


class TooManyAttempts(AccountError):
    """Attempts used up. `again_in` says when the next one is taken; `paused` that only a known device, a
    passkey or a link by mail is taken for that address.
    """

    code = "accounts.too-many-attempts"

    def __init__(self, again_in: timedelta, *, paused: bool = False) -> None:
        super().__init__("accounts.paused" if paused else None)
        self.again_in = again_in
        self.paused = paused


class PasskeyRefused(AccountError):
    """`code`: accounts.passkey.refused, .challenge (expired or answered before), .known, .last, .name."""

    code = "accounts.passkey.refused"


class CodeRefused(AccountError):
    """`code`: accounts.code.wrong, .used, .none (no generator is being set up)."""

    code = "accounts.code.wrong"


class LastFactor(AccountError):
    """Taking this away would leave no way to sign in, or less than staff or an organisation demands."""

    code = "accounts.last-factor"


class SecondFactorMissing(AccountError):
    """Somebody who signs in by a password alone can't be on the staff."""

    code = "accounts.second-factor-missing"


class ChangedMeanwhile(AccountError):
    """The section was saved elsewhere since the form was shown."""

    code = "accounts.changed-meanwhile"


class InvalidChoice(AccountError):
    """`code`: accounts.choice.language, .country, .currency, .time_zone or .name."""


class AddressTaken(AccountError):
    """That address has an open account: its holder signs in instead."""

    code = "accounts.address-taken"
