"""The mails of this room. None repeats a word of what was asked or answered: they say that, and where."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.translation import get_language

from seqlense.kit import clock
from seqlense.mailing import MailTemplate
from seqlense.support import links
from seqlense.support.models import Request


def _address(about: UUID) -> str | None:
    found = Request.objects.filter(pk=about).first()
    return found.email if found is not None else None


def _leading(purpose: str, about: UUID) -> Mapping[str, Any] | None:
    found = Request.objects.filter(pk=about).first()
    if found is None:
        return None
    now = clock.now()
    return {
        "reference": found.reference,
        "link": links.url(purpose, found.pk, language=get_language() or found.language, now=now),
        "ends_at": now + links.LIVES[purpose],
    }


def _confirming(about: UUID) -> Mapping[str, Any] | None:
    found = Request.objects.filter(pk=about).first()
    return _leading("confirm", about) if found is not None and found.unverified_since else None


def _conversing(about: UUID) -> Mapping[str, Any] | None:
    return _leading("conversation", about)


_SAMPLE: Final = {"reference": "7F3A12", "link": "https://example.org/", "ends_at": None}


def _asked_for(name: str, context: Any) -> MailTemplate:
    """Whoever writes to us asks for an answer, and for the link that leads to it."""
    return MailTemplate(
        id=f"support.{name}",
        activity="support",
        item="support.email",
        address=_address,
        context=context,
        in_spite="asked",
        sample=_SAMPLE,
    )


TEMPLATES: Final = [
    _asked_for("confirm", _confirming),
    _asked_for("answered", _conversing),
    _asked_for("link", _conversing),
]
