"""Store, open and remove a person's file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from seqlense.documents import shelf
from seqlense.documents.arriving import Arrived
from seqlense.documents.errors import Missing, Unreadable
from seqlense.documents.models import Document
from seqlense.documents.sealing import CHUNK, Reader, Sealer
from seqlense.privacy import keystore
from seqlense.privacy.governance import activity_of

PIECE: Final = CHUNK


def key_pair(row: Document) -> tuple[UUID, str]:
    """Whose key, and of which activity, seals a document."""
    return row.subject_id, activity_of(type(row), "name")


@transaction.atomic
def keep(row: Document, arrived: Arrived, *, now: datetime) -> None:
    """Seal what arrived under the key of the row's person and activity, and save the row.

    row: made by the room, with its subject and what it belongs to; name, kind, size and date are filled in
    here. The file is on the disk for good before the row is written; should the transaction fail, the sweep
    of orphans takes it. Raises NoRoom.
    """
    pair = key_pair(row)
    key = keystore.mint([pair])[pair]
    path = shelf.beside(row.pk)
    file = shelf.begun(path)
    try:
        with shelf.room():
            sealer = Sealer(file, row.pk, key)
            for piece in arrived.pieces():
                sealer.write(piece)
            sealer.finish()
        shelf.put(path, file, row.pk)
    finally:
        file.close()
        path.unlink(missing_ok=True)
    row.name, row.kind, row.size, row.stored_at = arrived.name, arrived.kind, sealer.size, now
    row.save(force_insert=True)


def opened(row: Document) -> Reader:
    """A document's content, to be read and closed. Raises Missing, Unreadable."""
    pair = key_pair(row)
    return reader(row.pk, keystore.keys_for([pair]).get(pair))


def reader(document: UUID, key: keystore.Key | None) -> Reader:
    """A file's content under that key; None: its key was destroyed. Raises Missing, Unreadable."""
    if key is None:
        raise Unreadable
    source = shelf.opened(document)
    try:
        return Reader(source, document, key)
    except Unreadable:
        source.close()
        raise


def pieces(content: Reader) -> Iterator[bytes]:
    """All of it, a piece at a time; closes it. Raises Unreadable when it comes to a broken chunk."""
    with content:
        while piece := content.read(PIECE):
            yield piece


def is_there(row: Document) -> bool:
    """Whether the row's file can be given back."""
    try:
        opened(row).close()
    except (Missing, Unreadable):
        return False
    return True


@transaction.atomic
def remove(row: Document) -> None:
    """Delete the row and, once that is committed, its file."""
    document = row.pk
    row.delete()
    transaction.on_commit(lambda: shelf.remove(document))
