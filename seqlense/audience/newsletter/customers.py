"""Customers: included when their account opens, where the page says so and lets them decline at once."""

from datetime import datetime
from typing import Any

from seqlense.accounts import signing_up
from seqlense.accounts.models import Account
from seqlense.audience.newsletter import objecting
from seqlense.audience.newsletter.models import Objection
from seqlense.privacy.actor import Actor


def listen() -> None:
    """Hear of accounts that open."""
    signing_up.opened.connect(_opened, dispatch_uid="newsletter.customers")


def decline(account: Account, *, now: datetime) -> None:
    """The person ticked "no thanks" where the address is collected (art. L34-5 CPCE): an objection."""
    objecting.unsubscribe(account.subject_id, actor=Actor.person(account.subject_id), now=now)


def _opened(*, account: Account, no_offers: bool, now: datetime, **_: Any) -> None:
    """Receiver of `signing_up.opened`. Who unsubscribed that address before stays so."""
    if no_offers or objecting.remembered(account.email):
        if not Objection.objects.filter(subject_id=account.subject_id).exists():
            decline(account, now=now)
    else:
        objecting.include(account, now=now)
