"""Messages of this room. Address and words are looked up at the moment of sending, from opaque ids."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from seqlense.accounts import events, links
from seqlense.accounts.models import Account, MailLink, SecurityEvent
from seqlense.accounts.rights_letters import right
from seqlense.mailing import MailTemplate

ZONE = "Europe/Paris"
SAMPLE_URL = "https://customers.example.com/fr/link/0123456789/"


def _own_address(about: UUID) -> str | None:
    link = _link(about)
    return link.account.email if link else None


def _new_address(about: UUID) -> str | None:
    link = _link(about)
    return link.email_change.new_email if link and link.email_change else None


def _link(about: UUID) -> MailLink | None:
    found = MailLink.objects.filter(pk=about, used_at=None, replaced_at=None)
    return found.select_related("account", "email_change").first()


def _link_context(about: UUID) -> Mapping[str, Any] | None:
    link = _link(about)
    if link is None:
        return None
    context = {
        "url": links.url(link, get_language() or "fr"),
        "expires_at": link.expires_at,
        "time_zone": link.account.time_zone,
    }
    return {**context, "new_email": link.email_change.new_email} if link.email_change else context


def _link_template(
    purpose: MailLink.Purpose, address: Callable[[UUID], str | None], item: str
) -> MailTemplate:
    return MailTemplate(
        id=f"accounts.{purpose.value}",
        activity="mailing",
        item=item,
        address=address,
        context=_link_context,
        in_spite="asked",
        sample={"url": SAMPLE_URL, "expires_at": None, "time_zone": ZONE, "new_email": "camille@example.com"},
    )


verify = _link_template(MailLink.Purpose.VERIFY, _own_address, "accounts.email")
reset = _link_template(MailLink.Purpose.RESET, _own_address, "accounts.email")
old_address = _link_template(MailLink.Purpose.OLD_ADDRESS, _own_address, "accounts.email")
new_address = _link_template(MailLink.Purpose.NEW_ADDRESS, _new_address, "accounts.new_email")


def _account_address(about: UUID) -> str | None:
    account = Account.objects.filter(pk=about).first()
    return account.email if account is not None and account.is_active else None


def _known_context(about: UUID) -> Mapping[str, Any]:
    return {"sign_in": _page("site:sign_in"), "forgotten": _page("site:forgotten")}


def _page(name: str) -> str:
    return settings.SEQLENSE_PUBLIC_URL + reverse(name)


known = MailTemplate(
    id="accounts.known",
    activity="mailing",
    item="accounts.email",
    address=_account_address,
    context=_known_context,
    in_spite="asked",
    sample={"sign_in": SAMPLE_URL, "forgotten": SAMPLE_URL},
)


def _event_address(about: UUID) -> str | None:
    event = SecurityEvent.objects.filter(pk=about).select_related("account").first()
    return event.account.email if event is not None and event.account.is_active else None


def _event_context(about: UUID) -> Mapping[str, Any] | None:
    event = SecurityEvent.objects.filter(pk=about).select_related("account").first()
    if event is None:
        return None
    return {
        "what": events.KINDS[event.kind],
        "at": event.at,
        "time_zone": event.account.time_zone,
        "device": event.device or "",
        "url": _page("site:security"),
        "forgotten": _page("site:forgotten"),
    }


security = MailTemplate(
    id="accounts.security",
    activity="mailing",
    item="accounts.email",
    address=_event_address,
    context=_event_context,
    in_spite="safety",
    sample={
        "what": events.KINDS["passkey_added"],
        "at": None,
        "time_zone": ZONE,
        "device": "Firefox, Linux",
        "url": SAMPLE_URL,
        "forgotten": SAMPLE_URL,
    },
)

__all__ = ["known", "new_address", "old_address", "reset", "right", "security", "verify"]
