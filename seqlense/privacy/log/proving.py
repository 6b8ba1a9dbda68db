"""What the log shows of one act: its opening, its place, and the way from there to a signed checkpoint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from django.db import connection

from seqlense.privacy.log import merkle, openings, place
from seqlense.privacy.log.errors import LogDamaged, NoOpening, NotSealed
from seqlense.privacy.log.leaves import Leaf, LogHead
from seqlense.privacy.log.note import Checkpoint, Note


@dataclass(frozen=True)
class Proof:
    """That an act is in the log.

    salt, content: its opening; SHA-256 of the two together is `digest`, the log's entry `index`.
    path: the proof of inclusion (RFC 9162), from the leaf up. checkpoint: the signed note it leads to.
    """

    act: UUID
    index: int
    salt: bytes = field(repr=False)
    content: str
    digest: bytes
    path: tuple[bytes, ...]
    checkpoint: str

    @property
    def head(self) -> Checkpoint:
        """The checkpoint's size and root."""
        return Checkpoint.parse(Note.parse(self.checkpoint).text)


def proof_of(act: UUID, *, salt: bytes | None = None) -> Proof:
    """The proof of one act under the latest checkpoint.

    salt: what opens it, where the caller has it (the person erased has it from `Decision`); otherwise it is
    read from where it is kept. Raises NotSealed within the first second, NoOpening once it went with the
    person's key, LookupError where there is no such act, LogDamaged.
    """
    return proofs_of([act], salts={} if salt is None else {act: salt})[0]


def proofs_of(acts: Sequence[UUID], *, salts: dict[UUID, bytes] | None = None) -> list[Proof]:
    """The same for several, all under one checkpoint, in their order."""
    head = LogHead.objects.first()
    if head is None:
        raise NotSealed("Nothing is in the log yet.")
    rows = {row.act: row for row in _read(acts)}
    nodes = place.files().nodes(head.size)
    found = []
    for act in acts:
        row = rows.get(act)
        if row is None:
            raise LookupError("There is no such act.")
        if row.index is None or row.index >= head.size:
            raise NotSealed("That act is sealed within a second: ask again.")
        salt = _salt(row, (salts or {}).get(act))
        found.append(_proven(act, row.index, salt, row.content, bytes(row.digest), head, nodes))
    return found


def proof_of_leaf(what: UUID, *, content: str, salt: bytes) -> Proof:
    """The same for an entry of another table's row, whose content and salt the caller has read there.

    Raises NotSealed, NoOpening, LookupError, LogDamaged.
    """
    head = LogHead.objects.first()
    leaf = Leaf.objects.filter(act=what).first()
    if leaf is None:
        raise LookupError("There is no such entry.")
    if head is None or leaf.index is None or leaf.index >= head.size:
        raise NotSealed("That is sealed within a second: ask again.")
    nodes = place.files().nodes(head.size)
    return _proven(what, leaf.index, salt, content, bytes(leaf.digest), head, nodes)


def _proven(
    what: UUID, index: int, salt: bytes, content: str, digest: bytes, head: LogHead, nodes: merkle.Nodes
) -> Proof:
    if sha256(salt + content.encode()).digest() != digest:
        raise NoOpening("That isn't what opens this entry of the log.")
    path = tuple(merkle.inclusion(index, head.size, nodes))
    if merkle.root_from(index, head.size, merkle.leaf_hash(digest), path) != bytes(head.root):
        raise LogDamaged("The log's tiles don't lead to its checkpoint. Run `seqlense log rebuild`.")
    return Proof(what, index, salt, content, digest, path, head.note)


def consistency(old: int, new: int) -> list[bytes]:
    """The proof that the log of `new` entries begins with that of `old`. Raises LogDamaged, ValueError."""
    head = LogHead.objects.first()
    if head is None or new > head.size:
        raise ValueError(f"The log never had {new} entries.")
    return merkle.consistency(old, new, place.files().nodes(head.size))


@dataclass(frozen=True)
class _Row:
    act: UUID
    kind: str
    subject: UUID | None
    salt: bytes | None
    opening: bytes | None
    request: str | None
    content: str
    index: int | None
    digest: bytes


_ROWS = (
    "select a.id, a.kind, a.subject, a.salt, a.opening, a.detail ->> 'request', privacy_act_content(a), "
    "l.index, l.digest from privacy_act a join privacy_leaf l on l.act = a.id where a.id = any(%s)"
)


def _read(acts: Iterable[UUID]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [list(acts)])
        return [_Row(*row) for row in cursor.fetchall()]


def _salt(row: _Row, given: bytes | None) -> bytes:
    if given is not None:
        return given
    if row.salt is not None:
        return bytes(row.salt)
    salt = None
    if row.opening and row.subject is not None:
        salt = openings.unsealed(row.act, row.subject, bytes(row.opening))
    if salt is None and row.request is not None and row.subject is not None:
        salt = openings.kept_by_request(UUID(row.request), row.subject)
    if salt is None:
        raise NoOpening("What opened this entry of the log went with the person's keys.")
    return salt
