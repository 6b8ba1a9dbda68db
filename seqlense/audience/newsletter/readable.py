"""What the codes of this section's items mean to people."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seqlense.audience.newsletter.topics import Topic

LANGUAGES: Final[Mapping[str, str | Promise]] = dict(settings.LANGUAGES)
TOPICS: Final[Mapping[str, str | Promise]] = {**dict(Topic.choices), **LANGUAGES}
CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "newsletter.topics": TOPICS,
    "newsletter_opt_in.asked_dates": {
        **TOPICS,
        "True": _("partners' offers too"),
        "False": _("without partners' offers"),
    },
    "newsletter.issues": {**LANGUAGES, "True": _("a test"), "False": _("an issue")},
    "partner_offers.dates": LANGUAGES,
}
