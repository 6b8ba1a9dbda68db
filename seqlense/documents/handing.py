"""A person's files, for the copy of all that is held about them (GDPR art. 15(3), 20)."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from seqlense.documents import keeping
from seqlense.documents.doors import tables
from seqlense.documents.errors import DocumentError
from seqlense.documents.models import Document
from seqlense.privacy.access.files import HeldFile, NotReadable
from seqlense.privacy.errors import Erased
from seqlense.privacy.governance import declared


def files_of(subject: UUID) -> Iterator[HeldFile]:
    """Every file of that person, the rooms' tables one after the other."""
    for model in tables():
        entry = declared().of(model)
        for row in model.objects.filter(subject_id=subject):
            item = entry.item_keys["name"] if entry else ""
            yield HeldFile(
                item=item, row=str(row.pk), name=_name(row), size=row.size, pieces=partial(_pieces, row)
            )


def _name(row: Document) -> str:
    try:
        return row.name
    except Erased:
        return str(row.pk)


def _pieces(row: Document) -> Iterator[bytes]:
    try:
        yield from keeping.pieces(keeping.opened(row))
    except DocumentError as refused:
        raise NotReadable(refused.code) from None
