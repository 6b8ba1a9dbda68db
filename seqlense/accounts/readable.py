"""What the codes of this room's items mean to people."""

from collections.abc import Callable, Mapping
from typing import Final

from babel import Locale
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense.accounts.events import KINDS
from seqlense.accounts.models import StaffRole

CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "accounts.staff_role": dict(StaffRole.Role.choices),
    "accounts.link_dates": {
        "verify": _("a link to open the account"),
        "reset": _("a link to set a new password"),
        "old_address": _("a link for the present address to agree to another"),
        "new_address": _("a link for the new address to agree"),
    },
    "security_logs.kind": KINDS,
}
TECHNICAL: Final = frozenset({"accounts.passkey_key", "accounts.code_secret", "accounts.factor_dates"})


def _country(code: str) -> str:
    return str(_locale().territories.get(code, code))


def _currency(code: str) -> str:
    return str(_locale().currencies.get(code, code))


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def _locale() -> Locale:
    return Locale.parse((get_language() or "fr").partition("-")[0])


NAMED: Final[Mapping[str, Callable[[str], str]]] = {
    "accounts.country": _country,
    "accounts.currency": _currency,
    "accounts.language": _language,
    "accounts.time_zone": lambda name: name.replace("_", " "),
}
