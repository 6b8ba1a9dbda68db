"""How an account ends: by its holder, by a group administrator, or with its organisation (F-2). What may go
goes at once.
"""

from datetime import datetime
from typing import Final, Literal

from django.db import transaction

from seqlense.accounts.models import Account, Session
from seqlense.privacy import acts, erasure
from seqlense.privacy.actor import Actor
from seqlense.privacy.erasure import Decision

Ending = Literal["account_closed", "account_removed", "organisation_deleted"]

COLUMNS: Final[dict[Ending, str]] = {
    "account_closed": "closed_at",
    "account_removed": "removed_at",
    "organisation_deleted": "organisation_deleted_at",
}


def preview(account: Account, *, now: datetime) -> Decision:
    """What closing would erase and what the law keeps, item by item; writes nothing."""
    return erasure.preview(account.subject_id, now=now)


@transaction.atomic
def close(
    account: Account, *, actor: Actor, now: datetime, ending: Ending = "account_closed"
) -> Decision | None:
    """End the account and erase the person's data, item by item. Whoever is signed in to it is signed out.

    None where it was ended at the same moment by somebody else, or by the same person at another place.
    """
    if not Account.objects.filter(pk=account.pk).update(**{COLUMNS[ending]: now}):
        return None
    acts.record(
        f"accounts.{ending.removeprefix('account_')}", actor=actor, now=now, subject=account.subject_id
    )
    decision = erasure.erase(account.subject_id, actor=actor, now=now)
    Session.objects.filter(account=account).delete()
    return decision
