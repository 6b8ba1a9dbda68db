"""What the codes of this room's items mean to people."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise

from seqlense.audience.social.networks import KNOWN

CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "social_networks.network": {one.id: one.title for one in KNOWN.values()}
}
