"""What the codes of this room's items mean to people."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seqlense.organisations.roles import Role

ROLES: Final[Mapping[str, str | Promise]] = dict(Role.choices)
CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "organisations.role": {
        **ROLES,
        "True": _("account opened in order to join"),
        "False": _("account opened before joining"),
    },
    "organisations.invitation_role": ROLES,
}
