"""Writing to us: with an account at once, without one after the address has answered.

What the page says is the same for every address: whether somebody has an account there, only its mailbox
learns nothing more than that it was written with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from seqlense import mailing
from seqlense.accounts import throttling
from seqlense.accounts.models import Account
from seqlense.documents.arriving import Arrived
from seqlense.kit.addresses import normalise
from seqlense.privacy import acts, subjects, switches
from seqlense.privacy.actor import Actor
from seqlense.support import doors, speaking, texts
from seqlense.support.errors import FormRefused, Limited, TooMany
from seqlense.support.models import ACTIVITY, Request

FROM_A_PLACE: Final = throttling.Limit(name="support-from", burst=6, every=timedelta(minutes=5))
TO_AN_ADDRESS: Final = throttling.Limit(name="support-to", burst=3, every=timedelta(hours=1))
BY_A_USER: Final = throttling.Limit(name="support-by", burst=10, every=timedelta(minutes=5))


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody typed, as typed. phone, name: "" where not given. language: that of the page."""

    title: str
    message: str
    name: str
    phone: str
    language: str

    def cleaned(self, *, links: int) -> "Wish":
        """Raises TextRefused."""
        return Wish(
            title=texts.required_line("title", self.title),
            message=texts.message(self.message, links=links),
            name=texts.line("name", self.name),
            phone=texts.phone(self.phone),
            language=self.language,
        )


@transaction.atomic
def ask(
    identifier: UUID,
    wish: Wish,
    *,
    address: str,
    source: str,
    files: Sequence[Arrived] = (),
    now: datetime,
) -> Request:
    """Somebody without an account, or not signed in, writes. Staff see it once the address has answered.

    identifier: from the form's ticket; asking twice with it asks once. source: from `throttling.source`.
    Raises InvalidAddress, TextRefused, TooMany, FormRefused; NoRoom from the documents.
    """
    email, said = normalise(address), wish.cleaned(links=texts.LINKS)
    earlier = Request.objects.filter(pk=identifier).first()
    if earlier is not None:
        return _same(earlier, email)
    _count(FROM_A_PLACE, source, now=now)
    _count(TO_AN_ADDRESS, email, now=now)
    subject = subjects.find_or_create("email", email, now=now)
    made = _write(identifier, said, subject, email, files, now=now, unverified_since=now)
    mailing.post(template="support.confirm", subject=subject, about=made.pk, language=made.language, now=now)
    return made


def _same(earlier: Request, email: str) -> Request:
    if earlier.email != email:
        raise FormRefused("support.form.old")
    return earlier


@transaction.atomic
def ask_signed_in(
    identifier: UUID,
    wish: Wish,
    *,
    account: Account,
    files: Sequence[Arrived] = (),
    now: datetime,
) -> Request:
    """Somebody signed in writes: staff see it at once. Twice with one identifier asks once.

    Raises TextRefused, TooMany, FormRefused, Limited for who limited this use.
    """
    said = wish.cleaned(links=texts.LINKS_OF_USERS)
    earlier = Request.objects.filter(pk=identifier).first()
    if earlier is not None:
        return _same(earlier, account.email)
    if switches.barred(account.subject_id, ACTIVITY) is not None:
        raise Limited
    _count(BY_A_USER, str(account.subject_id), now=now)
    return _write(identifier, said, account.subject_id, account.email, files, now=now, unverified_since=None)


def _write(
    identifier: UUID,
    said: Wish,
    subject: UUID,
    email: str,
    files: Sequence[Arrived],
    *,
    now: datetime,
    unverified_since: datetime | None,
) -> Request:
    made = Request(
        id=identifier,
        subject_id=subject,
        language=said.language,
        asked_at=now,
        wrote_at=now,
        unverified_since=unverified_since,
    )
    made.email, made.title, made.name, made.phone = email, said.title, said.name, said.phone
    made.save(force_insert=True)
    speaking.first(made, said.message, files, now=now)
    acts.record(
        "support.asked",
        actor=Actor.person(subject),
        now=now,
        subject=subject,
        request=made.pk,
        files=len(files),
        confirmed=unverified_since is None,
    )
    return made


@transaction.atomic
def confirm(link: str, *, holder: UUID | None, now: datetime) -> Request:
    """The address has answered: staff see the request from now on. Confirming twice is harmless.

    Raises LinkRefused.
    """
    found = doors.to_confirm(link, holder=holder, now=now)
    if found.unverified_since is not None:
        found.unverified_since = None
        found.save(update_fields=["unverified_since"])
        acts.record(
            "support.confirmed",
            actor=Actor.person(found.subject_id),
            now=now,
            subject=found.subject_id,
            request=found.pk,
        )
    return found


@transaction.atomic
def link_again(link: str, *, now: datetime) -> None:
    """Send a fresh link for a conversation, to its own address. Says nothing of whether there is one.

    Raises LinkRefused for what we never wrote, TooMany.
    """
    found = doors.of_link(link)
    if found is not None:
        _count(TO_AN_ADDRESS, "again", str(found.pk), now=now)
        mailing.post(
            template="support.link",
            subject=found.subject_id,
            about=found.pk,
            language=found.language,
            now=now,
        )


def _count(limit: throttling.Limit, *parts: str, now: datetime) -> None:
    wait = throttling.take(limit, *parts, now=now)
    if wait is not None:
        raise TooMany(now + wait)
