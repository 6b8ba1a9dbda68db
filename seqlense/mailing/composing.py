"""From a declaration to a finished message, in memory only."""

import hmac
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template import Context, loader
from django.utils import translation

from seqlense.kit import addresses
from seqlense.mailing.declarations import MailTemplate
from seqlense.mailing.errors import UnsafeAddress, UnsafeSubject
from seqlense.mailing.sender import Envelope
from seqlense.register import Controller

LONGEST_SUBJECT = 150
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


@dataclass(frozen=True, kw_only=True)
class Words:
    """One rendered message, without its recipient."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Letter:
    """A message ready to be handed over. It has no useful repr on purpose."""

    envelope: Envelope
    message: EmailMessage


def render(
    template: MailTemplate, context: Mapping[str, Any], *, language: str, controller: Controller
) -> Words:
    """Raises UnsafeSubject, and whatever a broken template or context raises."""
    values = {
        "language": language,
        "controller": controller,
        "public_url": settings.SEQLENSE_PUBLIC_URL,
        **context,
    }
    with speaking(language):
        subject = _subject(_plain(template.subject_file, values))
        text = BLANK_LINES.sub("\n\n", _plain(template.text_file, values)).strip() + "\n"
        html = loader.get_template(template.html_file).render({**values, "subject_line": subject})
    return Words(subject=subject, text=text, html=html)


def compose(
    words: Words,
    *,
    recipient: str,
    reference: UUID,
    language: str,
    controller: Controller,
    now: datetime,
    written: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Letter:
    """written, headers: as of MailTemplate. Raises UnsafeAddress when the recipient isn't one plain address.

    A line break in a header raises ValueError: the message is never sent.
    """
    try:
        address = addresses.normalise(recipient)
    except addresses.InvalidAddress:
        raise UnsafeAddress from None
    sender = sender_of(controller)
    domain = sender.domain
    message = EmailMessage(policy=SMTP.clone(utf8=not address.isascii()))
    message["From"] = sender
    message["To"] = Address(addr_spec=address) if address.isascii() else address
    message["Subject"] = words.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_reference(reference)}@{domain}>"
    if written:
        message["Reply-To"] = Address(display_name=controller.name, addr_spec=controller.contact)
    else:
        message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(words.text, cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # the calls before clear such headers
    for name, value in (headers or {}).items():
        message[name] = value
    return Letter(envelope=Envelope(sender=sender.addr_spec, recipient=address), message=message)


def sender_of(controller: Controller) -> Address:
    """SEQLENSE_MAIL_FROM, else `no-reply` at the domain of the controller's contact address."""
    given = getattr(settings, "SEQLENSE_MAIL_FROM", "") or f"no-reply@{controller.contact.rpartition('@')[2]}"
    return Address(display_name=controller.name, addr_spec=addresses.normalise(given))


def speaking(language: str) -> AbstractContextManager[None]:
    """The message's own language, for whatever a room looks up or renders for it."""
    return translation.override(language)


def _plain(file: str, values: Mapping[str, Any]) -> str:
    # Plain text isn't HTML: an apostrophe in a name must not become an entity.
    return str(loader.get_template(file).template.render(Context(dict(values), autoescape=False)))  # type: ignore[attr-defined]  # Django's own


def _subject(rendered: str) -> str:
    """One line. A line break inside would begin a new header; it is refused rather than mended."""
    line = BIDI.sub("", rendered).strip(" \n")
    if not line or CONTROLS.search(line):
        raise UnsafeSubject
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _reference(identifier: UUID) -> str:
    """The same at each attempt, so that a receiver can drop a second copy, and traceable to nothing."""
    key = b"seqlense.mailing.message-id:" + settings.SECRET_KEY.encode()
    return hmac.digest(key, identifier.bytes, "sha256")[:16].hex()
