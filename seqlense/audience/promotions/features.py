"""Interests that people declared, as a feature."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense.audience.promotions.interests import offered
from seqlense.audience.promotions.models import Declaration
from seqlense.privacy.features import Feature, Values


def _listed() -> Mapping[str, str]:
    language = get_language() or "fr"
    return {one.code: one.label_in(language) for one in offered()}


def _declared(people: Collection[UUID] | None, now: datetime) -> Values:
    rows = Declaration.objects.order_by()
    if people is not None:
        rows = rows.filter(subject_id__in=list(people))
    listed = {one.code for one in offered()}
    found: dict[UUID, set[str]] = defaultdict(set)
    for row in rows:
        if isinstance(row.interest, str) and row.interest in listed:
            found[row.subject_id].add(row.interest)
    return {person: frozenset(codes) for person, codes in found.items()}


FEATURES: Final = [
    Feature(
        id="promotions.interests",
        item="promotions.interests",
        label=_("Interests declared"),
        values=_listed,
        of=_declared,
        several=True,
    )
]
