"""Values as a person reads them: codes and ids in words, secrets by their nature only."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from babel import Locale
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from seqlense.accounts.events import KINDS
from seqlense.accounts.models import StaffRole
from seqlense.organisations.roles import Role
from seqlense.privacy import running
from seqlense.privacy.access import HeldItem
from seqlense.privacy.records import Hold, RightsRequest
from seqlense.register import Protection

type Words = Mapping[str, str | Promise]

RIGHTS: Final[Words] = {
    RightsRequest.Kind.ACCESS: _("Access and copy"),
    RightsRequest.Kind.RECTIFICATION: _("Rectification"),
    RightsRequest.Kind.ERASURE: _("Erasure"),
    RightsRequest.Kind.RESTRICTION: _("Restriction"),
    RightsRequest.Kind.PORTABILITY: _("Portability"),
    RightsRequest.Kind.OBJECTION: _("Objection"),
}
CHANNELS: Final[Words] = {
    "product": _("asked on these pages"),
    "email": _("asked by e-mail"),
    "post": _("asked by post"),
}
STAFF_ACTS: Final[Words] = {
    "console.file_read": _("Your file was opened in the console"),
    "privacy.read": _("Your data was read on the command line"),
}
HOLDS: Final[Words] = {
    Hold.Reason.LITIGATION: _("kept because of a lawsuit"),
    Hold.Reason.AUTHORITY: _("kept because an authority demands it"),
    Hold.Reason.CLAIM: _("kept because of a claim"),
    Hold.Reason.INVESTIGATION: _("kept while an incident is investigated"),
}
LINKS: Final[Words] = {
    "verify": _("a link to open the account"),
    "reset": _("a link to set a new password"),
    "old_address": _("a link for your present address to agree to another"),
    "new_address": _("a link for your new address to agree"),
}
MEMBERSHIP: Final[Words] = {
    "True": _("account opened in order to join"),
    "False": _("account opened before joining"),
}
ROLES: Final[Words] = dict(Role.choices)
WORDS: Final[Mapping[str, Words]] = {
    "accounts.staff_role": dict(StaffRole.Role.choices),
    "accounts.link_dates": LINKS,
    "security_logs.kind": KINDS,
    "organisations.role": {**ROLES, **MEMBERSHIP},
    "organisations.invitation_role": ROLES,
    "rights_requests.kind": {**RIGHTS, **CHANNELS},
    "rights_requests.hold": HOLDS,
    "staff_acts.act": STAFF_ACTS,
}
"""What each code of an item means. A code that isn't here is shown as it is."""

TECHNICAL: Final = frozenset({"accounts.passkey_key", "accounts.code_secret", "accounts.factor_dates"})
"""Items of which only dates are shown on the page: whoever looks over a shoulder must learn no secret."""


def _country(code: str) -> str:
    return str(_locale().territories.get(code, code))


def _currency(code: str) -> str:
    return str(_locale().currencies.get(code, code))


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def _activity(identifier: str) -> str:
    known = running.register().activities.get(identifier)
    return known.title.in_(get_language() or "fr") if known else identifier


def _locale() -> Locale:
    return Locale.parse((get_language() or "fr").partition("-")[0])


NAMED: Final[Mapping[str, Callable[[str], str]]] = {
    "accounts.country": _country,
    "accounts.currency": _currency,
    "accounts.language": _language,
    "accounts.time_zone": lambda name: name.replace("_", " "),
    "rights_requests.hold": _activity,
}


def values(held: HeldItem, names: Mapping[str, str]) -> list[Any]:
    """An item's values in words, each once. names: of organisations, by id."""
    return list(dict.fromkeys(_readable(held, one.value, names) for one in held.values))


def _readable(held: HeldItem, raw: Any, names: Mapping[str, str]) -> Any:
    key = held.item.key
    if isinstance(raw, date):
        return raw
    if held.item.protection is Protection.HASHED or _is_binary(raw):
        return gettext("kept in a form that nobody can read")
    if key in TECHNICAL:
        return gettext("a technical value, not shown here")
    if (found := WORDS.get(key, {}).get(str(raw))) is not None:
        return str(found)
    if isinstance(raw, str):
        return names.get(raw) or NAMED.get(key, str)(raw)
    return _plain(raw)


def _plain(raw: Any) -> Any:
    if isinstance(raw, bool):
        return gettext("yes") if raw else gettext("no")
    if isinstance(raw, list | tuple):
        return ngettext("%(number)d entry", "%(number)d entries", len(raw)) % {"number": len(raw)}
    if isinstance(raw, dict):
        return ", ".join(f"{name}: {one}" for name, one in raw.items())
    return raw


def _is_binary(raw: Any) -> bool:
    return isinstance(raw, bytes | memoryview) or (isinstance(raw, str) and raw.startswith("\\x"))
