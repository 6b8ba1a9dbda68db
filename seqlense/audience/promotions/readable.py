"""What the codes of this room's items mean to people."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from seqlense.audience.promotions.models import Interest, Promotion, Reaction

CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "promotion_reactions.reaction": dict(Reaction.Kind.choices),
}


def _promotion(identifier: str) -> str:
    found = None
    with suppress(ValueError):
        found = Promotion.objects.filter(pk=UUID(identifier)).first()
    return found.title_in(get_language() or "fr") if found else gettext("a promotion that no longer exists")


def _interest(code: str) -> str:
    found = Interest.objects.filter(code=code).first()
    return found.label_in(get_language() or "fr") if found else code


NAMED: Final[Mapping[str, Callable[[str], str]]] = {
    "promotion_reactions.reaction": _promotion,
    "promotions.interests": _interest,
}
