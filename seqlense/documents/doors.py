"""The only questions of this room that cross the wall between tenants: which files have a row, and whose."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.apps import apps

from seqlense.documents.models import Document
from seqlense.privacy import reach
from seqlense.privacy.records import Archived


def tables() -> Iterator[type[Document]]:
    """Every room's table of files."""
    for model in apps.get_models():
        if issubclass(model, Document):
            yield model


def known(documents: Iterable[UUID]) -> set[UUID]:
    """Those of these that have a row, or are kept in the archive."""
    wanted, found = list(documents), set[UUID]()
    with reach.maintenance():
        for model in tables():
            found |= set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        kept = Archived.objects.filter(row__in=[str(one) for one in wanted])
        return found | {UUID(row) for row in kept.values_list("row", flat=True)}


def of_person(subject: UUID) -> list[UUID]:
    """A person's files."""
    with reach.maintenance():
        return [
            one
            for model in tables()
            for one in model.objects.filter(subject_id=subject).values_list("pk", flat=True)
        ]
