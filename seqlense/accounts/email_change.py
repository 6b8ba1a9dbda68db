"""Changing one's address: both mailboxes agree, in any order, and then it changes."""

from datetime import datetime
from functools import partial

from django.db import transaction

from seqlense import mailing
from seqlense.accounts import events, links, throttling
from seqlense.accounts.errors import InvalidChoice
from seqlense.accounts.models import Account, EmailChange, MailLink, account_at
from seqlense.kit.addresses import normalise
from seqlense.privacy import requests, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.errors import HandleTaken

SIDES = (links.Purpose.OLD_ADDRESS, links.Purpose.NEW_ADDRESS)


def under_way(account: Account, *, now: datetime) -> EmailChange | None:
    """The change that waits for an answer, or None."""
    latest = EmailChange.objects.filter(account=account, ended_at=None).order_by("-asked_at").first()
    life = links.LIVES[links.Purpose.NEW_ADDRESS]
    return latest if latest is not None and now < latest.asked_at + life else None


@transaction.atomic
def ask(account: Account, address: str, *, actor: Actor, now: datetime) -> EmailChange:
    """Ask both mailboxes. A change asked before is called off. Says nothing of whether the new address is
    known: if it is, its holder is told so and the change can't be completed.

    Raises InvalidAddress, InvalidChoice("accounts.choice.same_email"), TooManyAttempts.
    """
    email = normalise(address)
    if email == account.email:
        raise InvalidChoice("accounts.choice.same_email")
    throttling.allow(throttling.MAIL_TO, str(account.pk), "email-change", now=now)
    _end(account, now=now)
    change = EmailChange(subject_id=account.subject_id, account=account, asked_at=now)
    change.new_email = email
    change.save(force_insert=True)
    links.send(account, links.Purpose.OLD_ADDRESS, language=account.language, now=now, change=change)
    if throttling.take(throttling.MAIL_TO, email, now=now) is None:
        _ask_new(account, change, email, now=now)
    events.note(account, "email_change_asked", actor=actor, now=now)
    return change


def _ask_new(account: Account, change: EmailChange, email: str, *, now: datetime) -> None:
    holder = account_at(email)
    if holder is None:
        links.send(account, links.Purpose.NEW_ADDRESS, language=account.language, now=now, change=change)
    elif holder.is_active:
        mailing.post(
            template="accounts.known",
            subject=holder.subject_id,
            about=holder.pk,
            language=holder.language,
            now=now,
        )


@transaction.atomic
def agree(token: str, purpose: MailLink.Purpose, *, now: datetime) -> EmailChange:
    """One mailbox agrees; with the second one, the address changes. Raises LinkRefused."""
    link = links.use(token, purpose, now=now)
    change = EmailChange.objects.select_for_update().get(maillink=link)
    if purpose == links.Purpose.OLD_ADDRESS:
        change.old_agreed_at = now
    else:
        change.new_agreed_at = now
    change.save(update_fields=["old_agreed_at", "new_agreed_at"])
    if change.old_agreed_at and change.new_agreed_at:
        _complete(change, now=now)
    return change


@transaction.atomic
def refuse(token: str, purpose: MailLink.Purpose, *, now: datetime) -> None:
    """One mailbox doesn't agree: the change is called off. Raises LinkRefused."""
    account = links.use(token, purpose, now=now).account
    call_off(account, actor=Actor.person(account.subject_id), now=now)


def _complete(change: EmailChange, *, now: datetime) -> None:
    account = Account.objects.select_for_update().get(pk=change.account_id)
    email = change.new_email
    former = account.email
    try:
        subjects.attach(account.subject_id, "email", email)
    except HandleTaken:
        raise InvalidChoice("accounts.choice.email_taken") from None
    # Handles lie in the keystore, where nothing is rolled back: the old one ends once the new one counts.
    transaction.on_commit(partial(subjects.detach, account.subject_id, "email", former))
    account.email = email
    account.save(update_fields=["email"])
    EmailChange.objects.filter(pk=change.pk).update(ended_at=now)
    links.replace(account, links.Purpose.RESET, *SIDES, now=now)
    actor = Actor.person(account.subject_id)
    events.note(account, "email_changed", actor=actor, now=now)
    requests.rectified(account.subject_id, ["accounts.email"], actor=actor, now=now)


@transaction.atomic
def call_off(account: Account, *, actor: Actor, now: datetime) -> bool:
    """Forget the change under way; False if there is none."""
    ended = _end(account, now=now)
    if ended:
        events.note(account, "email_change_ended", actor=actor, now=now)
    return ended


def _end(account: Account, *, now: datetime) -> bool:
    links.replace(account, *SIDES, now=now)
    return bool(EmailChange.objects.filter(account=account, ended_at=None).update(ended_at=now))
