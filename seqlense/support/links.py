"""Links in mails: signed, with an end, and worth nothing for anything else. They are stored nowhere.

One kind confirms an address, the other leads to a conversation. A link that has ended still says which
request it led to, so that a new one can be sent, to the same address only.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation

from seqlense.support.errors import LinkRefused

LIVES: Final = {"confirm": timedelta(days=7), "conversation": timedelta(days=14)}
PAGES: Final = {"confirm": "site:write_confirm", "conversation": "site:conversation"}


@dataclass(frozen=True)
class Link:
    """request: where it leads. ends_at: until when."""

    request: UUID
    ends_at: datetime


def token(purpose: str, request: UUID, *, now: datetime) -> str:
    """What a link carries. purpose: "confirm" or "conversation"."""
    ends = int((now + LIVES[purpose]).timestamp())
    return _signer(purpose).sign(base64.urlsafe_b64encode(request.bytes + ends.to_bytes(6)).decode())


def read(purpose: str, text: str) -> Link:
    """Where it leads, ended or not. Raises LinkRefused (forged)."""
    try:
        raw = base64.urlsafe_b64decode(_signer(purpose).unsign(text))
    except (BadSignature, binascii.Error, ValueError):
        raise LinkRefused("support.link.forged") from None
    return Link(UUID(bytes=raw[:16]), datetime.fromtimestamp(int.from_bytes(raw[16:]), tz=UTC))


def url(purpose: str, request: UUID, *, language: str, now: datetime) -> str:
    """The address to click on."""
    with translation.override(language):
        return settings.SEQLENSE_PUBLIC_URL + reverse(PAGES[purpose], args=[token(purpose, request, now=now)])


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"seqlense.support.link.{purpose}", sep=".")
