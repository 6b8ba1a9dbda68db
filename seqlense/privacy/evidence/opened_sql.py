"""The acts that a bundle opens: those of the system about nobody, and the kinds that rooms declared."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db import connection

from seqlense.privacy import keystore, reach
from seqlense.privacy.governance import declared
from seqlense.privacy.keystore.envelope import Key
from seqlense.privacy.log import openings
from seqlense.privacy.proofs.proof_file import Opened

AT_ONCE: Final = 1_000
_ACTS: Final = (
    "select l.index, l.digest, a.id, a.subject, a.salt, a.opening, privacy_act_content(a), "
    "coalesce(r.proof, k.values ->> 'proof', '') from privacy_act a "
    "join privacy_leaf l on l.act = a.id "
    "left join privacy_rightsrequest r on r.id::text = a.detail ->> 'request' and r.subject_id = a.subject "
    "left join privacy_archived k on k.model = 'privacy.rightsrequest' and k.subject_id = a.subject "
    "and k.row = a.detail ->> 'request' "
    "where a.at < %(until)s and l.index < %(size)s "
    "and (a.kind = any(%(kinds)s) or (a.subject is null and a.actor_kind = 'system')) order by l.index"
)


def opened(*, until: datetime, size: int) -> Iterator[Opened | None]:
    """Each act before that moment among the log's first `size`, opened; None where its opening is gone."""
    with reach.maintenance(), connection.cursor() as cursor:
        cursor.execute(_ACTS, {"until": until, "size": size, "kinds": list(declared().evidence)})
        rows = cursor.fetchall()
    for some in batched(rows, AT_ONCE, strict=False):
        keys = _keys(some)
        for row in some:
            yield _opened(row, keys)


def _keys(rows: Sequence[Any]) -> Mapping[tuple[UUID, str], Key]:
    pairs = {(row[3], openings.KEY) for row in rows if row[3] is not None and row[5]}
    return keystore.keys_for(pairs) if pairs and keystore.available() else {}


def _opened(row: Any, keys: Mapping[tuple[UUID, str], Key]) -> Opened | None:
    index, digest, act, subject, salt, sealed, content, kept = row
    key = keys.get((subject, openings.KEY))
    if salt is None and sealed and key is not None:
        salt = openings.unsealed_with(key, act, bytes(sealed))
    if salt is None and kept:
        salt = bytes.fromhex(kept)
    if salt is None or sha256(bytes(salt) + content.encode()).digest() != bytes(digest):
        return None
    return Opened(index, bytes(salt), content)
