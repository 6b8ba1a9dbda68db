"""Consent as a fact with a proof: asked fairly, given by a clear act, withdrawn as easily (GDPR art. 7).

A receipt says what was shown, what was answered, how and when; it is written once and never changed. Whoever
needs a consent asks `given`, or filters by `consenting`; whoever must stop something listens to `changed`. A
browser's choice on outside services stands in a signed cookie: `choice`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from seqlense.privacy.consent.signals import changed

if TYPE_CHECKING:
    from seqlense.privacy.consent.choices import Choice, choice
    from seqlense.privacy.consent.giving import consenting, give, given, withdraw
    from seqlense.privacy.consent.models import Receipt
    from seqlense.privacy.consent.outside import Service, services

_HOMES: Final = {
    "Choice": "choices",
    "Receipt": "models",
    "Service": "outside",
    "choice": "choices",
    "consenting": "giving",
    "give": "giving",
    "given": "giving",
    "services": "outside",
    "withdraw": "giving",
}


def __getattr__(name: str) -> Any:
    """Read when first asked for: this package is an installed app, imported before models may be."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "Choice",
    "Receipt",
    "Service",
    "changed",
    "choice",
    "consenting",
    "give",
    "given",
    "services",
    "withdraw",
]
