"""Evidence for a supervisory authority: what ran and what was done up to a day, provable without us.

A bundle stands alone. What is erased later makes it no less true, and makes nobody in it readable: acts carry
opaque ids, and a bundle made later no longer opens those whose keys are gone.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from django.db import transaction

from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.evidence import gathering, index_page, published
from seqlense.privacy.evidence.errors import NoLog, NotYet, PlaceTaken
from seqlense.privacy.evidence.gathering import Gathered, pretty
from seqlense.privacy.evidence.target import Target, target, zipped
from seqlense.privacy.log import place
from seqlense.privacy.log.note import Checkpoint, Note, Signer
from seqlense.privacy.proofs import outsiders

__all__ = ["Bundle", "NoLog", "NotYet", "PlaceTaken", "create", "write"]

FORMAT: Final = "seqlense-evidence/1"


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What was made. size: entries of the log it carries; stamped: days with a timestamp; files: how many."""

    as_of: date
    origin: str
    size: int
    stamped: int
    files: int
    gathered: Gathered


def create(to: Path, *, as_of: date, actor: Actor, now: datetime) -> Bundle:
    """A folder, or a ZIP where the name ends in .zip. Raises PlaceTaken, NotYet, NoLog or a LogError."""
    return _made(lambda: target(to), as_of=as_of, actor=actor, now=now)


def write(file: IO[bytes], *, as_of: date, actor: Actor, now: datetime) -> Bundle:
    """The same as a ZIP into an open file, for a page. Raises NotYet, NoLog or a LogError."""
    return _made(lambda: zipped(file), as_of=as_of, actor=actor, now=now)


def _made(
    place_for: Callable[[], AbstractContextManager[Target]], *, as_of: date, actor: Actor, now: datetime
) -> Bundle:
    if as_of > now.astimezone(UTC).date():
        raise NotYet(f"{as_of} hasn't come yet.")
    folder = place.folder()
    note = place.files().checkpoint() if folder else None
    if folder is None or note is None:
        raise NoLog("Nothing is sealed in a log here: there is nothing to prove with.")
    with transaction.atomic():
        acts.record("privacy.evidence_made", actor=actor, now=now, as_of=as_of)
        with place_for() as into:
            return _filled(into, folder, note, as_of=as_of, now=now)


def _filled(into: Target, folder: Path, note: bytes, *, as_of: date, now: datetime) -> Bundle:
    signer = place.signer()
    head = Checkpoint.parse(Note.parse(note).text)
    until = datetime.combine(as_of + timedelta(days=1), time(), UTC)
    gathered = gathering.add(into, until=until, size=head.size)
    stamped = published.add(into, folder, note, str(signer.verifier))
    into.add(outsiders.NAME, outsiders.script().read_bytes())
    bundle = Bundle(
        as_of=as_of,
        origin=head.origin,
        size=head.size,
        stamped=stamped,
        files=len(into.files) + 3,
        gathered=gathered,
    )
    into.add("index.html", index_page.rendered(bundle, key=str(signer.verifier), now=now).encode())
    _sign(into, bundle, signer, now=now)
    return bundle


def _sign(into: Target, bundle: Bundle, signer: Signer, *, now: datetime) -> None:
    """The list of all files, and the log's signature under its hash."""
    gathered = bundle.gathered
    manifest = pretty(
        {
            "format": FORMAT,
            "origin": bundle.origin,
            "as_of": bundle.as_of.isoformat(),
            "made_at": now.isoformat(),
            "register_version": gathered.version,
            "log_size": bundle.size,
            "timestamps": bundle.stamped,
            "acts": gathered.acts,
            "closed_acts": gathered.closed,
            "retention_runs": gathered.runs,
            "staff_readings": gathered.readings,
            "files": dict(into.files),
        }
    )
    into.add("evidence.json", manifest)
    named = f"{bundle.origin}/evidence\nsha256 {sha256(manifest).hexdigest()}\n"
    into.add("evidence.note", signer.note(named).encode())
