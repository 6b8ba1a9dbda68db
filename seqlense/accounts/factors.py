"""Which proofs an account has, and which it must have."""

from django.db import connection
from django.dispatch import Signal

from seqlense.accounts.errors import LastFactor
from seqlense.accounts.models import Account, CodeGenerator

second_factor_demanded = Signal()
"""Sent with `account`; a receiver in a room above returns a short reason ("organisation") where the person
must sign in with two factors, else None.
"""
STAFF = "staff"
# One question for both, written by hand: many pages ask it.
STRONG = """
SELECT EXISTS (SELECT FROM accounts_passkey WHERE account_id = %(account)s)
    OR EXISTS (SELECT FROM accounts_codegenerator WHERE account_id = %(account)s AND confirmed_at IS NOT NULL)
"""


def demands(account: Account) -> tuple[str, ...]:
    """Who demands a second factor of that person: "staff" and what the rooms above answer; empty if nobody
    does.
    """
    answers = [answer for _, answer in second_factor_demanded.send(sender=Account, account=account)]
    return (*([STAFF] if account.is_staff_member() else []), *(answer for answer in answers if answer))


def has_codes(account: Account) -> bool:
    """Codes from an application are asked for after the password."""
    return CodeGenerator.objects.filter(account=account, confirmed_at__isnull=False).exists()


def is_strong(account: Account) -> bool:
    """Has at least one way to sign in with two factors: a passkey, or a password with codes."""
    with connection.cursor() as cursor:
        cursor.execute(STRONG, {"account": account.pk})
        return bool(cursor.fetchone()[0])


def may_lose_passkeys(account: Account) -> None:
    """LastFactor if the account can't do without any passkey."""
    if not account.has_usable_password() or (demands(account) and not has_codes(account)):
        raise LastFactor


def may_lose_codes(account: Account) -> None:
    """LastFactor if the account can't do without codes."""
    if demands(account) and not account.passkeys.exists():
        raise LastFactor
