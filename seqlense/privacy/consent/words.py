"""What the codes of consent mean to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense.privacy import running
from seqlense.privacy.consent.models import Kind, Receipt
from seqlense.privacy.consent.readable import HOWS

KINDS: Final[Mapping[str, str | Promise]] = {
    Kind.CHOICE: _("choice on outside services"),
    Kind.GIVEN: _("consent given"),
    Kind.WITHDRAWN: _("consent withdrawn"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A receipt as people read it. titles: what it is about. yes, no: names of services accepted and
    refused.
    """

    receipt: Receipt
    kind: str | Promise
    how: str | Promise
    titles: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]

    @property
    def over(self) -> datetime | None:
        """When it ended; None of one in force."""
        return self.receipt.ended_at


def shown(receipt: Receipt) -> Shown:
    """In words."""
    return Shown(
        receipt=receipt,
        kind=KINDS.get(receipt.kind, receipt.kind),
        how=HOWS.get(receipt.how, receipt.how),
        titles=titles(receipt.purpose) if receipt.purpose else (),
        yes=tuple(service(name) for name in sorted(receipt.accepted)),
        no=tuple(service(name) for name in sorted(receipt.refused)),
    )


def titles(purpose: str) -> tuple[str, ...]:
    """Titles of the running activities that rest on a consent; its own name where none does."""
    language = get_language() or "fr"
    found = [one for one in running.register().active if one.basis.consent_purpose == purpose]
    return tuple(one.title.in_(language) for one in found) or (purpose,)


def service(name: str) -> str:
    """An outside service as visitors are asked about it; its own id where the register knows it no more."""
    found = running.register().recipients.get(name)
    if found is None:
        return name
    return (found.browser.label if found.browser else found.name).in_(get_language() or "fr")
