"""The worker's part: have outsiders see our checkpoints, and keep what they say beside the log.

Whoever is away is asked again; what isn't theirs is refused; no time is ever made up here.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from seqlense.privacy.log import merkle, place
from seqlense.privacy.log.errors import NoteRefused
from seqlense.privacy.log.note import Checkpoint, Note, Signature, Verifier
from seqlense.privacy.proofs import days, tokens, witnesses
from seqlense.privacy.proofs.days import Day, Days
from seqlense.privacy.proofs.errors import AuthorityAway, ProofsError
from seqlense.privacy.proofs.tokens import Authority
from seqlense.privacy.proofs.witnesses import Witness

logger = logging.getLogger(__name__)
LATE: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Stamping:
    """What one round did. stamped: days that got their token. waiting: days that still have none."""

    stamped: tuple[Day, ...] = ()
    waiting: tuple[Day, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Who else sees the log. authority: whether one was chosen. last: the latest day with a timestamp.

    waiting: days without. witnesses: each one's name and when it last cosigned.
    """

    authority: bool
    last: Day | None
    waiting: tuple[Day, ...]
    witnesses: tuple[tuple[str, datetime | None], ...]


def watched() -> Watched:
    """For pages and commands. Raises NoteRefused for a key that isn't a witness's."""
    folder = place.folder()
    kept = Days(folder) if folder else None
    return Watched(
        authority=bool(getattr(settings, "SEQLENSE_TIMESTAMP_URL", "")),
        last=kept.last() if kept else None,
        waiting=tuple(kept.waiting()) if kept else (),
        witnesses=tuple((one.key.name, _cosigned_at(folder, one.key)) for one in configured()),
    )


def _cosigned_at(folder: Path | None, witness: Verifier) -> datetime | None:
    note = last_of(folder, witness) if folder else None
    return next((witnesses.moment(line) for _key, line in note.signed_by([witness])), None) if note else None


def stamp(*, now: datetime) -> Stamping:
    """Take today's checkpoint, once; ask the authority about each day that waits, the oldest first.

    Without a log or without SEQLENSE_TIMESTAMP_URL nothing happens. Raises AuthorityUnknown.
    """
    folder, url = place.folder(), getattr(settings, "SEQLENSE_TIMESTAMP_URL", "")
    if folder is None or not url:
        return Stamping()
    kept = Days(folder)
    if not kept.has(now) and (present := cosign(now=now)) is not None:
        kept.note(str(present).encode(), now=now)
    authority = Authority.read(Path(str(settings.SEQLENSE_TIMESTAMP_CA)))
    done: list[Day] = []
    for day in kept.waiting():
        try:
            token = tokens.ask(day.note, url, authority, now=now, not_before=day.since)
            kept.keep(day, token, authority)
            done.append(replace(day, token=token))
        except ProofsError as refused:
            logger.warning("No timestamp for the checkpoint of %s (%s): asked again.", day.on, refused.code)
            if isinstance(refused, AuthorityAway):
                break
    return Stamping(stamped=tuple(done), waiting=tuple(kept.waiting()))


def cosign(*, now: datetime) -> Note | None:
    """Show the present checkpoint to each witness that hasn't signed it; the checkpoint with all their lines.

    None without a log. What each witness signed last lies in `cosignatures/`, by the key's id.
    """
    folder = place.folder()
    raw = place.files().checkpoint() if folder else None
    if folder is None or raw is None:
        return None
    present = Note.parse(raw)
    lines: list[Signature] = []
    for one in configured():
        before = last_of(folder, one.key)
        if before is None or before.text != present.text:
            before = _asked(one, present, before, now=now)
        if before is not None and before.text == present.text:
            lines += [line for line in before.signatures if line.key_id == one.key.key_id]
    return present.with_lines(lines)


def _asked(witness: Witness, present: Note, before: Note | None, *, now: datetime) -> Note | None:
    """The present checkpoint with this witness's line, kept; what it signed before where it doesn't sign."""
    seen = Checkpoint.parse(before.text).size if before else 0
    try:
        line = witnesses.cosign(witness, present, seen, _consistency, now=now)
    except ProofsError as refused:
        logger.warning("A witness did not cosign the log's checkpoint (%s): asked again.", refused.code)
        return before
    whole = present.with_lines([line])
    folder = place.folder()
    assert folder is not None
    days.write(witnesses.file_of(folder, witness.key), str(whole).encode())
    return whole


def configured() -> tuple[Witness, ...]:
    """The witnesses of SEQLENSE_WITNESSES. Raises NoteRefused for a key that isn't a witness's."""
    return tuple(Witness.of(url, key) for url, key in getattr(settings, "SEQLENSE_WITNESSES", ()))


def last_of(folder: Path, witness: Verifier) -> Note | None:
    """The last checkpoint that this witness cosigned, with its line; None before the first."""
    try:
        note = Note.parse(witnesses.file_of(folder, witness).read_bytes())
        note.signed_by([witness])
    except (FileNotFoundError, NoteRefused):
        return None
    return note


def late(*, now: datetime) -> Day | None:
    """The oldest day that has waited for its timestamp for more than a day."""
    folder = place.folder()
    waiting = Days(folder).waiting() if folder else []
    return next((day for day in waiting if now - day.since > LATE), None)


def unseen(*, now: datetime) -> Iterator[tuple[str, datetime | None]]:
    """Names of witnesses that have not cosigned for more than a day, and when they last did."""
    for name, seen in watched().witnesses if place.folder() else ():
        if seen is None or now - seen > LATE:
            yield name, seen


def _consistency(old: int, new: int) -> list[bytes]:
    return merkle.consistency(old, new, place.files().nodes(new))
