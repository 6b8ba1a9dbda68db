"""Links sent by mail. A row says what one stands for; its token is computed from the row and the
installation's secret.

So a stolen database opens no account: the token is nowhere in it. A link works once, until its date, for its
purpose.
"""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from seqlense import mailing
from seqlense.accounts import digests
from seqlense.accounts.errors import LinkRefused
from seqlense.accounts.models import Account, EmailChange, MailLink

Purpose = MailLink.Purpose

LIVES: Final = {
    Purpose.VERIFY: timedelta(days=3),
    Purpose.RESET: timedelta(hours=1),
    Purpose.OLD_ADDRESS: timedelta(days=1),
    Purpose.NEW_ADDRESS: timedelta(days=1),
}
ID_BYTES: Final = 16


def send(
    account: Account,
    purpose: MailLink.Purpose,
    *,
    language: str,
    now: datetime,
    change: EmailChange | None = None,
) -> MailLink:
    """Make a link and post the mail that carries it (template `accounts.PURPOSE`)."""
    link = MailLink.objects.create(
        subject_id=account.subject_id,
        account=account,
        email_change=change,
        purpose=purpose,
        made_at=now,
        expires_at=now + LIVES[purpose],
    )
    mailing.post(
        template=f"accounts.{purpose.value}",
        subject=account.subject_id,
        about=link.pk,
        language=language,
        now=now,
    )
    return link


def url(link: MailLink, language: str) -> str:
    """The address to click on."""
    with translation.override(language):
        return settings.SEQLENSE_PUBLIC_URL + reverse("site:mail_link", args=[token(link)])


def token(link: MailLink) -> str:
    """43 + 21 characters fit for a URL: the row's id and the proof that we made it."""
    return base64.urlsafe_b64encode(link.pk.bytes + _proof(link)).decode()


def _proof(link: MailLink, key: str = "") -> bytes:
    state = (str(link.pk), str(link.account_id), str(link.email_change_id), link.expires_at.isoformat())
    return digests.mac(f"link.{link.purpose}", *state, key=key)


def read(token: str, *, now: datetime, holder: Account | None = None, lock: bool = False) -> MailLink:
    """The link of a token, ready to be used; LinkRefused with its code if it can't be.

    holder: who is signed in, if anybody: another person's link is refused. lock: for whoever is about to use
    it.
    """
    identifier, proof = _parts(token)
    rows = MailLink.objects.select_for_update() if lock else MailLink.objects.all()
    link = rows.filter(pk=identifier).first()
    if link is None or not digests.same(proof, lambda key: _proof(link, key)):
        raise LinkRefused("accounts.link.forged")
    if link.used_at is not None:
        raise LinkRefused("accounts.link.used")
    if link.replaced_at is not None:
        raise LinkRefused("accounts.link.replaced")
    if now >= link.expires_at:
        raise LinkRefused("accounts.link.expired")
    if holder is not None and holder.pk != link.account_id:
        raise LinkRefused("accounts.link.foreign")
    return link


def _parts(token: str) -> tuple[UUID, bytes]:
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise LinkRefused("accounts.link.forged") from None
    if len(raw) != ID_BYTES + 32:
        raise LinkRefused("accounts.link.forged")
    return UUID(bytes=raw[:ID_BYTES]), raw[ID_BYTES:]


def use(token: str, purpose: MailLink.Purpose, *, now: datetime, holder: Account | None = None) -> MailLink:
    """Take a link of that purpose, once; the others of the same purpose are worth nothing from then on."""
    link = read(token, now=now, holder=holder, lock=True)
    if link.purpose != purpose:
        raise LinkRefused("accounts.link.forged")
    MailLink.objects.filter(pk=link.pk).update(used_at=now)
    if purpose in (Purpose.VERIFY, Purpose.RESET):
        replace(link.account, purpose, now=now)
    return link


def replace(account: Account, *purposes: MailLink.Purpose, now: datetime) -> None:
    """Void the account's open links of these purposes."""
    MailLink.objects.filter(account=account, purpose__in=purposes, used_at=None, replaced_at=None).update(
        replaced_at=now
    )
