"""What people answered to a version: counts, never who."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from seqlense.privacy.publishing.models import Acknowledgement

Kind = Acknowledgement.Kind


@dataclass(frozen=True, kw_only=True)
class Tally:
    """read: people who put the version away. accepted, refused: answers to its changes, one for each use."""

    read: int = 0
    accepted: int = 0
    refused: int = 0


NONE = Tally()
COUNTED = (Kind.READ, Kind.ACCEPTED, Kind.REFUSED)


def tallies(versions: Collection[UUID]) -> Mapping[UUID, Tally]:
    """Version → answers given to it, for those that have any. One statement."""
    rows = Acknowledgement.objects.filter(version__in=versions).order_by().values_list("version_id")
    counted = rows.annotate(*(Count("pk", filter=Q(kind=kind)) for kind in COUNTED))
    return {version: Tally(read=read, accepted=yes, refused=no) for version, read, yes, no in counted}
