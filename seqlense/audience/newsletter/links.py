"""The signed links in every message. They open no account: whoever holds one sets what that person receives.

A link names a subject by its opaque id and what it is about, and works for as long as there is something to
set, so that the oldest message still unsubscribes (RFC 8058). It stands nowhere in the database.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from seqlense.accounts import digests
from seqlense.audience.newsletter.errors import LinkRefused

NEWS: Final = "newsletter"
PARTNERS: Final = "partner_offers"
CONFIRM: Final = "confirm"
_CODES: Final = {b"n": NEWS, b"p": PARTNERS, b"c": CONFIRM}
_ID: Final = 16
_PROOF: Final = 32


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a link stands for. about: NEWS, PARTNERS or CONFIRM; id: of the subject or, then, of a request."""

    about: str
    id: UUID


def token(about: str, identifier: UUID) -> str:
    """66 characters fit for a URL."""
    code = next(code for code, name in _CODES.items() if name == about)
    proof = digests.mac(f"newsletter.{about}", str(identifier))
    return base64.urlsafe_b64encode(code + identifier.bytes + proof).decode().rstrip("=")


def read(token: str, *abouts: str) -> Link:
    """What a token stands for; LinkRefused for any that we didn't make, or made for something else."""
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise LinkRefused from None
    about = _CODES.get(raw[:1], "")
    if len(raw) != 1 + _ID + _PROOF or about not in abouts:
        raise LinkRefused
    identifier = UUID(bytes=raw[1 : 1 + _ID])
    proof = raw[1 + _ID :]
    if not digests.same(proof, lambda key: digests.mac(f"newsletter.{about}", str(identifier), key=key)):
        raise LinkRefused
    return Link(about=about, id=identifier)


def url(name: str, about: str, identifier: UUID, language: str) -> str:
    """The address of a page of the site that takes such a token, in a language."""
    with translation.override(language):
        return settings.SEQLENSE_PUBLIC_URL + reverse(f"site:{name}", args=[token(about, identifier)])
