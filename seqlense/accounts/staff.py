"""Roles of the company's own staff, as dated rows: who had which, from when to when.

A change of role ends the person's sessions: the next one begins with the proofs and the lifetime that the
role asks for.
"""

from datetime import datetime

from django.db import transaction

from seqlense.accounts import events, factors, sessions
from seqlense.accounts.errors import SecondFactorMissing
from seqlense.accounts.models import Account, StaffRole
from seqlense.privacy.actor import Actor

Role = StaffRole.Role


@transaction.atomic
def grant(account: Account, role: StaffRole.Role, *, actor: Actor, now: datetime) -> StaffRole:
    """Give a role, from now on; the one in force if the account has it already.

    Raises SecondFactorMissing for an account that has none to sign in with: staff always need two.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    held = StaffRole.objects.filter(account=account, role=role, until__isnull=True).first()
    if held is not None:
        return held
    if not factors.is_strong(account):
        raise SecondFactorMissing
    row = StaffRole.objects.create(subject_id=account.subject_id, account=account, role=role, since=now)
    sessions.revoke_all(account, spare=None, actor=actor, now=now)
    events.note(account, "staff_granted", actor=actor, now=now, role=role.value)
    return row


@transaction.atomic
def withdraw(account: Account, role: StaffRole.Role, *, actor: Actor, now: datetime) -> bool:
    """End a role; False if the account doesn't have it."""
    ended = StaffRole.objects.filter(account=account, role=role, until__isnull=True).update(until=now)
    if ended:
        sessions.revoke_all(account, spare=None, actor=actor, now=now)
        events.note(account, "staff_withdrawn", actor=actor, now=now, role=role.value)
    return bool(ended)


def members(role: StaffRole.Role) -> list[Account]:
    """Accounts with that role today."""
    return list(
        Account.objects.filter(staff_roles__role=role, staff_roles__until__isnull=True).order_by("created_at")
    )
