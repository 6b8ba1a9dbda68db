"""The one card that a page keeps a place for."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from seqlense.accounts import doors
from seqlense.audience.promotions import prose, showing
from seqlense.audience.promotions.models import Promotion

AWAY: Final = "promotions_away"
"""In the session: ids put away by somebody who lets nothing be kept."""
MOST_AWAY: Final = 50


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A promotion as it is shown. outside: the host that its button leads out to, or ""."""

    promotion: Promotion
    title: str
    text: SafeString
    button: str
    outside: str
    personal: bool


def drawn(promotion: Promotion, *, personal: bool, language: str) -> Drawn:
    """In that language."""
    return Drawn(
        promotion=promotion,
        title=promotion.title_in(language),
        text=prose.drawn(promotion.text_in(language)),
        button=promotion.button_in(language),
        outside=prose.outside(promotion.link),
        personal=personal,
    )


def card_of(request: HttpRequest, slot: str) -> Drawn | None:
    """What that place shows to the person there."""
    found = showing.card(
        doors.person(request).subject_id,
        slot,
        away=request.session.get(AWAY, ()),
        now=doors.moment(request),
    )
    if found is None:
        return None
    return drawn(found.promotion, personal=found.personal, language=get_language() or "fr")
