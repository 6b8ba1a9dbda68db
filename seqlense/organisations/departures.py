"""Accounts that were opened only to work in one organisation go with it (F-2 accounts)."""

from collections.abc import Iterable
from datetime import datetime

from seqlense.accounts import closing
from seqlense.accounts.closing import Ending
from seqlense.accounts.models import Account
from seqlense.organisations import doors
from seqlense.organisations.models import Membership
from seqlense.privacy.actor import Actor


def close_accounts(former: Iterable[Membership], *, ending: Ending, actor: Actor, now: datetime) -> None:
    """Close the accounts that these ended memberships had opened, where nothing else needs them."""
    for account in only_here(former):
        closing.close(account, actor=actor, now=now, ending=ending)


def only_here(former: Iterable[Membership]) -> list[Account]:
    """Accounts opened by joining here, of people who belong nowhere else and aren't on the staff."""
    opened = {member.subject_id: member.organisation_id for member in former if member.opened_account}
    elsewhere = doors.members_elsewhere(opened)
    accounts = Account.objects.filter(subject_id__in=[one for one in opened if one not in elsewhere])
    return [account for account in accounts if not account.is_staff_member()]
