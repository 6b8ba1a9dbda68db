"""What people answered to a version: counts, never who."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from seqlense.privacy.publishing.models import Acknowledgement


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Named as `Acknowledgement.Kind`.

    read: people who put the version away. accepted, refused: answers to its changes, one for each use.
    """

    read: int = 0
    accepted: int = 0
    refused: int = 0


NONE = Tally()


def tallies(versions: Collection[UUID]) -> Mapping[UUID, Tally]:
    """Version → answers given to it, for those that have any. One statement."""
    rows = Acknowledgement.objects.filter(version__in=versions).order_by().values_list("version_id", "kind")
    found: dict[UUID, dict[str, int]] = {}
    for version, kind, number in rows.annotate(number=Count("pk")):
        found.setdefault(version, {})[kind] = number
    return {version: Tally(**counted) for version, counted in found.items()}
