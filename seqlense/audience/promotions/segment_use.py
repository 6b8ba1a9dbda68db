"""Promotions may be addressed to a segment: what it is used for, and whether anything that runs uses it."""

from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from seqlense.audience.promotions.models import ACTIVITY, Audience, Promotion
from seqlense.audience.segments.uses import Use
from seqlense.kit import clock


def _running(segment: UUID) -> int:
    mine = Promotion.objects.filter(audience=Audience.SEGMENT, segment_id=segment)
    return mine.to_come_or_running(clock.now()).count()


def _named(promotion: UUID) -> tuple[str, str] | None:
    return Promotion.objects.filter(pk=promotion).values_list("title_fr", "title_en").first()


USE: Final = Use(id="promotions", activity=ACTIVITY, label=_("promotions"), running=_running, named=_named)
