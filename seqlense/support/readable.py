"""What the codes of this room's items mean to people."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "support.dates": {"person": _("written by you"), "staff": _("written by us")},
}
