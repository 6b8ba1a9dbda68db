"""Witnesses (C2SP tlog-witness): others who sign our checkpoints after seeing that the log only grew.

With their signatures nobody, we included, can show two people two different histories.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from seqlense.privacy.log.errors import NoteRefused
from seqlense.privacy.log.note import COSIGNER, Checkpoint, Note, Signature, Verifier, parse_lines
from seqlense.privacy.proofs import asking
from seqlense.privacy.proofs.errors import WitnessAway, WitnessRefused

type Consistency = Callable[[int, int], list[bytes]]
"""The proof that the log of the second size begins with that of the first."""

FOLDER: Final = "cosignatures"
PLAIN: Final = "text/plain; charset=utf-8"
APART: Final = timedelta(hours=1)
"""How far a witness's clock may be from ours."""
CONFLICT: Final = 409


@dataclass(frozen=True)
class Witness:
    """Somebody who cosigns. url: its submission prefix."""

    url: str
    key: Verifier

    @classmethod
    def of(cls, url: str, key: str) -> "Witness":
        """Raises NoteRefused for a key that isn't a witness's."""
        found = Verifier.parse(key)
        if found.kind != COSIGNER:
            raise NoteRefused(f"The key of {found.name} is a log's, not a witness's.")
        return cls(url.rstrip("/"), found)


def cosign(witness: Witness, note: Note, seen: int, prove: Consistency, *, now: datetime) -> Signature:
    """The witness's signature under our checkpoint. seen: the size it saw last, as far as we know.

    It may know better, and says so; then it is asked once more. Raises WitnessAway or WitnessRefused.
    """
    size = Checkpoint.parse(note.text).size
    answer = _ask(witness, note, min(seen, size), prove)
    if answer.status == CONFLICT:
        known = _size(answer.content)
        if known is None or known > size:
            raise WitnessAway(f"{witness.key.name} knows a longer log than this checkpoint.")
        answer = _ask(witness, note, known, prove)
    if answer.status != 200:
        raise WitnessAway(f"{witness.key.name} answered with status {answer.status}.")
    return _own(witness, note, answer.content, now)


def _ask(witness: Witness, note: Note, old: int, prove: Consistency) -> asking.Answer:
    size = Checkpoint.parse(note.text).size
    proof: Sequence[bytes] = prove(old, size) if 0 < old < size else ()
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), "", str(note)]
    try:
        return asking.post(f"{witness.url}/add-checkpoint", "\n".join(lines).encode(), PLAIN)
    except asking.Away:
        raise WitnessAway(f"{witness.key.name} doesn't answer.") from None


def _size(content: bytes) -> int | None:
    told = content.strip()
    return int(told) if told.isdigit() and len(told) < 20 else None


def _own(witness: Witness, note: Note, content: bytes, now: datetime) -> Signature:
    """Among the lines answered the one that this witness made over this checkpoint, lately."""
    try:
        lines = list(parse_lines(content.decode()))
    except (NoteRefused, UnicodeDecodeError):
        raise WitnessRefused(f"{witness.key.name} answered with something else than signatures.") from None
    for one in lines:
        if (one.name, one.key_id) != (witness.key.name, witness.key.key_id):
            continue
        if not witness.key.holds(note.text.encode(), one.signature):
            raise WitnessRefused(f"The cosignature of {witness.key.name} is false.")
        if abs(one.time - now.timestamp()) > APART.total_seconds():
            raise WitnessRefused(f"The cosignature of {witness.key.name} is of another time.")
        return one
    raise WitnessRefused(f"{witness.key.name} did not sign.")


def file_of(log: Path, witness: Verifier) -> Path:
    """Where the last checkpoint lies that this witness cosigned."""
    return log / FOLDER / witness.key_id.hex()


def moment(cosignature: Signature) -> datetime:
    """When it was made, as the witness says."""
    return datetime.fromtimestamp(cosignature.time, UTC)
