"""What the codes of this room's items mean to people."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from seqlense.audience.segments.models import Segment

CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {}


def _name(identifier: str) -> str:
    found = None
    with suppress(ValueError):
        found = Segment.objects.filter(pk=UUID(identifier)).first()
    return found.name_in(get_language() or "fr") if found else gettext("a group that no longer exists")


NAMED: Final[Mapping[str, Callable[[str], str]]] = {"profiling.segment": _name}
