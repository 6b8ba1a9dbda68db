"""Posting this room's mails: only opaque ids leave here; addresses and words are looked up when a mail is
sent.
"""

from collections.abc import Iterable
from datetime import datetime

from seqlense import mailing
from seqlense.accounts.models import Account, account_of
from seqlense.organisations.models import Invitation, Membership
from seqlense.privacy.records import Act


def invite(invitation: Invitation, *, now: datetime) -> None:
    """The invitation itself, to the address it is bound to."""
    mailing.post(
        template="organisations.invitation",
        subject=invitation.subject_id,
        about=invitation.pk,
        language=invitation.language,
        now=now,
    )


def to_members(template: str, members: Iterable[Membership], *, now: datetime) -> None:
    """A mail to each of them in their own language; `about` is the membership."""
    rows = {member.subject_id: member for member in members}
    for subject, language in Account.objects.filter(subject_id__in=rows).values_list(
        "subject_id", "language"
    ):
        mailing.post(template=template, subject=subject, about=rows[subject].pk, language=language, now=now)


def of_act(template: str, act: Act, *, now: datetime) -> None:
    """A mail to somebody who is no member any more; `about` is the proof row, which says of which
    organisation.
    """
    account = account_of(act.subject) if act.subject else None
    if account is not None:
        mailing.post(
            template=template, subject=account.subject_id, about=act.pk, language=account.language, now=now
        )
