"""Answering the accounts: does an organisation demand a second factor of this person?"""

from typing import Final

from seqlense.accounts.factors import second_factor_demanded
from seqlense.accounts.models import Account
from seqlense.organisations import doors

REASON: Final = "organisation"


def listen() -> None:
    """Be asked."""
    second_factor_demanded.connect(answer, dispatch_uid="organisations.demands")


def answer(*, account: Account, **_: object) -> str | None:
    """Receiver of `accounts.factors.second_factor_demanded`."""
    return REASON if doors.demands_second_factor(account.subject_id) else None
