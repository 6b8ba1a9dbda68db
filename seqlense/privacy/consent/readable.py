"""What the codes of receipts mean to people."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from seqlense.privacy import running
from seqlense.privacy.consent.models import Kind

HASH_LENGTH: Final = 64
HOWS: Final[Mapping[str, str | Promise]] = {
    "accept_all": _("“Accept all”"),
    "refuse_all": _("“Refuse all”"),
    "panel": _("service by service, in the panel"),
    "placeholder": _("at the content itself"),
    "gpc": _("by a signal of the browser (Global Privacy Control)"),
    "settings": _("in the account’s settings"),
    "my_data": _("in My data"),
    "form": _("on a form"),
    "link": _("by a link sent by mail"),
    "notice": _("in answer to a change of the notices"),
    "objection": _("by unsubscribing"),
    "brought_over": _("with another tool, whose proof is kept"),
}
CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "consent_proofs.receipt": {
        Kind.CHOICE: _("choice on outside services"),
        Kind.GIVEN: _("consent given"),
        Kind.WITHDRAWN: _("consent withdrawn"),
        **HOWS,
    }
}


def _named(value: str) -> str:
    """A hash by its first letters, a purpose by the titles of what rests on it."""
    if len(value) == HASH_LENGTH:
        return gettext("version %(start)s") % {"start": value[:12]}
    language = get_language() or "fr"
    found = [one for one in running.register().active if one.basis.consent_purpose == value]
    return ", ".join(one.title.in_(language) for one in found) or value


NAMED: Final[Mapping[str, Callable[[str], str]]] = {"consent_proofs.receipt": _named}
TECHNICAL: Final = frozenset({"consent_proofs.proof"})
