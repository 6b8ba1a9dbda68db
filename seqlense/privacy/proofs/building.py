"""Make the proof file of a request, or of any acts whose openings still exist."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from seqlense.privacy import keystore, log, running
from seqlense.privacy.log import merkle, place
from seqlense.privacy.log.errors import LogDamaged, NoOpening
from seqlense.privacy.log.note import Checkpoint, Note
from seqlense.privacy.log.proving import Proof
from seqlense.privacy.proofs import stamping
from seqlense.privacy.proofs.days import Days
from seqlense.privacy.proofs.errors import NothingToProve
from seqlense.privacy.proofs.proof_file import Included, Opened, ProofFile
from seqlense.privacy.proofs.wording import explanation
from seqlense.privacy.records import Act

DAYS_AHEAD: Final = 40
"""How many days after an act a timestamp of it is looked for."""


@dataclass(frozen=True)
class Seen:
    """A checkpoint and who saw it. token, authority: of a timestamp of exactly this note."""

    note: str
    token: bytes | None = None
    authority: str = ""


def file_of(request: UUID, *, subject: UUID, now: datetime) -> ProofFile:
    """The proof of that person's request: what was asked, what was answered, what was done about it.

    Raises NothingToProve once the openings are gone, NotSealed within the first second, LogDamaged.
    """
    return file_of_acts(acts_of(request, subject), now=now)


def acts_of(request: UUID, subject: UUID) -> list[UUID]:
    """The acts that name a request, and what the same actor did about the person in the same moments."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, {"subject": subject, "request": str(request)})
        return [row[0] for row in cursor.fetchall()]


_ACTS: Final = (
    "with theirs as materialized (select * from privacy_act where subject = %(subject)s), "
    "named as (select at, actor_kind, actor_subject from theirs where detail ->> 'request' = %(request)s) "
    "select id from theirs one where exists (select from named where named.at = one.at "
    "and named.actor_kind = one.actor_kind and named.actor_subject is not distinct from one.actor_subject) "
    "order by at, id"
)


def whose(request: UUID) -> UUID:
    """Whose request that was, also when only its proof rows are left. Raises NothingToProve."""
    named = Act.objects.filter(detail__request=str(request)).exclude(subject=None)
    found = named.values_list("subject", flat=True).first()
    if found is None:
        raise NothingToProve("No act names such a request.")
    return found


def file_of_acts(
    acts: Sequence[UUID], *, now: datetime, salts: Mapping[UUID, bytes] | None = None
) -> ProofFile:
    """The proof of these acts, as far as their openings exist. salts: openings that the caller holds.

    Raises as `file_of`.
    """
    with keystore.session():
        proven = list(_proven(acts, salts or {}))
    return file_of_proven(proven, now=now)


def file_of_proven(proven: Sequence[Proof], *, now: datetime) -> ProofFile:
    """The file of entries whose proofs the caller has. Raises NothingToProve for none, LogDamaged."""
    if not proven:
        raise NothingToProve("What opened these entries of the log is gone.")
    seen = _best(proven, now=now)
    head = Checkpoint.parse(Note.parse(seen.note).text)
    key = place.verifier()
    return ProofFile(
        made_at=now,
        key=str(key),
        register_version=running.register().version,
        checkpoint=seen.note,
        witnesses=tuple(_cosigners(seen.note)),
        token=seen.token,
        authority=seen.authority,
        entries=tuple(_included(one, head) for one in proven),
        explanation=explanation(),
    )


def _proven(acts: Sequence[UUID], salts: Mapping[UUID, bytes]) -> Iterable[Proof]:
    """One look for all; one by one only where an opening is gone."""
    if not acts:
        return []
    known = dict(salts)
    try:
        return log.proofs_of(acts, salts=known)
    except NoOpening:
        return [found for act in acts for found in _if_open(act, known)]


def _if_open(act: UUID, salts: dict[UUID, bytes]) -> list[Proof]:
    try:
        return log.proofs_of([act], salts=salts)
    except NoOpening:
        return []


def _best(proven: Sequence[Proof], *, now: datetime) -> Seen:
    """The first stamped day that covers the acts; else what witnesses signed; else the present head."""
    least = max(one.index for one in proven) + 1
    folder = place.folder()
    if folder is not None:
        latest = max(json.loads(one.content)["at"] for one in proven)
        stamped = _stamped(Days(folder), datetime.fromisoformat(latest), least, now=now)
        if stamped is not None:
            return stamped
        for witness in stamping.configured():
            note = stamping.last_of(folder, witness.key)
            if note is not None and Checkpoint.parse(note.text).size >= least:
                return Seen(str(note))
    return Seen(proven[0].checkpoint)


def _stamped(days: Days, since: datetime, least: int, *, now: datetime) -> Seen | None:
    first, roots = since.astimezone(UTC).date(), days.roots()
    for ahead in range(min((now.astimezone(UTC).date() - first).days, DAYS_AHEAD) + 1):
        day = days.of(first + timedelta(days=ahead))
        if day is None or day.token is None:
            continue
        note = Note.parse(day.note)
        if Checkpoint.parse(note.text).size >= least:
            return Seen(day.note.decode(), day.token, roots or "")
    return None


def _cosigners(note: str) -> Iterable[str]:
    signed = {line.key_id for line in Note.parse(note).signatures}
    return (str(one.key) for one in stamping.configured() if one.key.key_id in signed)


def _included(one: Proof, head: Checkpoint) -> Included:
    """The act with its way to that checkpoint. Raises LogDamaged."""
    opened = Opened(one.index, one.salt, one.content)
    if one.head == head:
        return Included(opened, one.path)
    path = tuple(merkle.inclusion(one.index, head.size, place.files().nodes(head.size)))
    if merkle.root_from(one.index, head.size, merkle.leaf_hash(one.digest), path) != head.root:
        raise LogDamaged("The log's tiles don't lead to the checkpoint of that day.")
    return Included(opened, path)
