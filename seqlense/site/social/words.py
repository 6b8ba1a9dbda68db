"""What is said when an account isn't linked: what happened, what was kept, what to do."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seqlense.audience.social.errors import SocialError

OF: Final[Mapping[str, str | Promise]] = {
    "social.denied": _("You said no at %(network)s. Nothing was linked, and nothing is kept."),
    "social.away": _(
        "%(network)s doesn't answer, or answers that it has a fault. Nothing was linked. Try again in a "
        "few minutes: nothing else of yours is concerned."
    ),
    "social.unintelligible": _(
        "%(network)s gave an answer that can't be read. Nothing was linked. Try again; if it goes on, "
        "write to us."
    ),
    "social.untrusted": _(
        "What came back isn't signed by %(network)s for this site, so it isn't believed. Nothing was "
        "linked. Try again; if it goes on, write to us."
    ),
    "social.code_refused": _(
        "%(network)s takes this answer no more: it had been used, or was too old. Nothing was linked. "
        "Begin again."
    ),
    "social.stale": _(
        "This answer of %(network)s belongs to no question asked in this browser, or was already taken. "
        "Nothing was linked. Begin again from this page."
    ),
    "social.taken": _(
        "Another person here has linked that account of %(network)s. Nothing was changed. If it is yours, "
        "have it unlinked there first, or write to us."
    ),
    "social.barred": _(
        "You had the use of this data limited, or don't agree to it. Nothing was linked with %(network)s."
    ),
    "social.not_offered": _("No account of that network can be linked here."),
}


def of(error: SocialError, network: str) -> str:
    """What is said of that refusal."""
    return str(OF[error.code]) % {"network": network}
