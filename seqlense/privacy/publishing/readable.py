"""What the codes of this part's items mean to people."""

from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense.privacy import running
from seqlense.privacy.publishing.models import Acknowledgement

CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "notices.answers": {
        Acknowledgement.Kind.READ: _("you read what changed"),
        Acknowledgement.Kind.ACCEPTED: _("you accepted the change"),
        Acknowledgement.Kind.REFUSED: _("you refused the change"),
    }
}


def _answered(value: str) -> str:
    """An activity by its title, a language by its name."""
    known = running.register().activities.get(value)
    return known.title.in_(get_language() or "fr") if known else dict(settings.LANGUAGES).get(value, value)


NAMED: Final[Mapping[str, Callable[[str], str]]] = {"notices.answers": _answered}
