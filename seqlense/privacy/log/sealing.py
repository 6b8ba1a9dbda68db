"""Sealing: leaves that were committed get their place in the log, its files, and a signed checkpoint.

Steps, each safe to be cut off after; the next run goes on with the same leaves in the same order:
1. leaves without a place get the next ones (committed before any file is written);
2. their entries and hashes are written as tiles, the journal gets its lines;
3. the checkpoint is signed and published;
4. the database notes which leaves it covers, and keeps it.

A leaf that is committed late has no place yet, so it comes with the next run: no order of ids is trusted.
One process seals at a time. Nothing is sealed while the files and the database tell different histories.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q

from seqlense.privacy.log import journal, place
from seqlense.privacy.log.errors import (
    LogAhead,
    LogBehind,
    LogDamaged,
    LogForked,
    LogKeyDamaged,
    LogKeyMissing,
    LogMissing,
    NoteRefused,
)
from seqlense.privacy.log.leaves import Leaf, LogHead
from seqlense.privacy.log.merkle import EMPTY
from seqlense.privacy.log.note import Checkpoint, Note, Signer, Verifier, opened

AT_ONCE: Final = 5_000
_LOCK: Final = 0x5E91E106  # PostgreSQL's, among the processes of all machines


@dataclass(frozen=True)
class Sealed:
    """What a run did.

    entries: how many it added. size: of the log afterwards. busy: another process is at it, nothing was done.
    """

    entries: int
    size: int
    busy: bool = False


@dataclass(frozen=True)
class Head:
    """How far the log was signed, as the database knows. at: when; None where nothing was."""

    size: int
    root: bytes
    at: datetime | None = None


def head() -> Head:
    """The head that the database knows."""
    known = LogHead.objects.first()
    return Head(known.size, bytes(known.root), known.at) if known else Head(0, EMPTY)


def waiting() -> bool:
    """Whether there is anything to seal."""
    return Leaf.objects.filter(sealed_at=None).exists()


def seal(*, now: datetime) -> Sealed:
    """Seal all that was committed. Run it at least every second. Raises a LogError that says what to do."""
    if place.folder() is None:
        return Sealed(0, 0)
    with alone() as mine:
        if not mine:
            return Sealed(0, head().size, busy=True)
        known = agreed(now=now)
        before = known.size
        signer = place.make_key() if known.size == 0 else place.signer()
        while entries := _next(known.size):
            known = _extend(known, entries, signer, now=now)
        return Sealed(known.size - before, known.size)


def agreed(*, now: datetime) -> Head:
    """The head on which the files and the database agree, after finishing what a killed process left.

    Raises LogMissing, LogBehind, LogAhead, LogForked, LogDamaged, or what is wrong with the key.
    """
    known, published = head(), published_head()
    if published is None:
        if known.size:
            raise LogMissing(
                f"The log's files are gone from {place.folder()}: put them back, or run "
                "`seqlense log rebuild`."
            )
        return known
    if published.size < known.size:
        raise LogBehind(
            f"The log's files in {place.folder()} end at entry {published.size}, the database knows "
            f"{known.size}: an older copy was put back. Run `seqlense log rebuild`."
        )
    files = place.files()
    if files.root(published.size) != published.root:
        raise LogDamaged("The log's last tiles don't lead to its checkpoint. Run `seqlense log rebuild`.")
    if known.size and files.root(known.size) != known.root:
        raise LogForked(
            "The log's files and the database tell two histories: one of them is of another installation."
        )
    if published.size > known.size:
        _finish_published(known, published, now=now)
        return head()
    return known


def published_head() -> Checkpoint | None:
    """The checkpoint on the disk; None where there is none. Raises LogDamaged, or what the key's file has."""
    note = place.files().checkpoint() if place.folder() else None
    return None if note is None else _opened(note, place.verifier())


def ahead() -> int:
    """How many entries of the log on the disk the database doesn't know: it is a copy from before them.

    The files are read first: what they hold by then was committed before it was written, so whoever seals
    meanwhile changes nothing. Where tiles are damaged, those for which the database has no leaf left count;
    where the key is missing, the checkpoint is believed unverified. Raises LogDamaged.
    """
    try:
        published = published_head()
    except (LogKeyMissing, LogKeyDamaged):
        published = _unverified()
    known = head().size
    if published is None or published.size <= known:
        return 0
    try:
        return len(unknown(known, published.size))
    except LogDamaged:
        here = Leaf.objects.filter(Q(sealed_at=None) | Q(index__gte=known)).count()
        if (lacking := published.size - known - here) > 0:
            return lacking
        raise


def _unverified() -> Checkpoint | None:
    note = place.files().checkpoint()
    try:
        return None if note is None else Checkpoint.parse(Note.parse(note).text)
    except NoteRefused as refused:
        raise LogDamaged(f"The log's checkpoint isn't one: {refused}") from None


def unknown(start: int, size: int) -> list[tuple[int, bytes]]:
    """Index and digest of the entries from `start` on that no leaf of the database is."""
    found = []
    with connection.cursor() as cursor:
        for first in range(start, size, AT_ONCE):
            entries = list(place.files().entries(first, min(first + AT_ONCE, size), size))
            cursor.execute(_KNOWN, [start, entries])
            here = {bytes(row[0]) for row in cursor.fetchall()}
            found += [(first + n, entry) for n, entry in enumerate(entries) if entry not in here]
    return found


_KNOWN = "select digest from privacy_leaf where (sealed_at is null or index >= %s) and digest = any(%s)"


def adopt(*, now: datetime) -> int:
    """Go on after the entries that a restored database doesn't know; how many those were.

    To be called once what they tell has been done again: until then nothing is sealed.
    """
    with alone(wait=True):
        known, published = head(), published_head()
        if published is None or published.size <= known.size:
            return 0
        foreign = unknown(known.size, published.size)
        _take_over(known, published, foreign, now=now)
        return len(foreign)


def _take_over(
    known: Head, published: Checkpoint, foreign: list[tuple[int, bytes]], *, now: datetime
) -> None:
    """Give our leaves the places that the files gave them; the foreign entries get leaves without act."""
    files, size = place.files(), published.size
    entries = list(files.entries(known.size, size, size))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLACES, [known.size, entries])
        cursor.executemany("insert into privacy_leaf (index, digest) values (%s, %s)", foreign)
        mine = Leaf.objects.filter(index__gte=known.size, index__lt=size).order_by("index")
        if [bytes(one) for one in mine.values_list("digest", flat=True)] != entries:
            raise LogForked(f"The log's files and the database differ in their entries after {known.size}.")
        _cover(known.size, published, files.checkpoint() or b"", now=now)
    files.tidy(known.size, size)


_PLACES = (
    "update privacy_leaf l set index = %s - 1 + entry.place "
    "from unnest(%s::bytea[]) with ordinality entry (digest, place) "
    "where l.digest = entry.digest and l.sealed_at is null and l.index is null"
)


def forget_old(*, before: datetime) -> int:
    """Forget the journal's lines from before that moment, older than any backup; how many. Raises LogFull."""
    if place.folder() is None:
        return 0
    with alone(wait=True):
        return journal.prune(before)


@contextmanager
def alone(*, wait: bool = False) -> Iterator[bool]:
    """Nobody else seals; whether that is so. PostgreSQL lets go when the process dies."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        else:
            cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
            if cursor.fetchone() != (True,):
                yield False
                return
    try:
        yield True
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _next(size: int) -> list[_Entry]:
    """The entries after the first `size`, in the order that they have or get now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLACE, [size, AT_ONCE])
    found = _entries(size, size + AT_ONCE)
    if [one.index for one in found] != list(range(size, size + len(found))):
        raise LogForked(f"The database's leaves have a gap after entry {size}.")
    return found


def lines(start: int, end: int) -> Iterator[journal.Line]:
    """The journal's lines of the entries from `start` up to `end`, as the database has them."""
    for first in range(start, end, AT_ONCE):
        for one in _entries(first, min(end, first + AT_ONCE)):
            if (line := one.line()) is not None:
                yield line


def _entries(start: int, end: int) -> list[_Entry]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [list(journal.REPLAYED), start, end])
        return [_Entry(*row) for row in cursor.fetchall()]


_PLACE = (
    "with placed as (select coalesce(max(index) + 1, 0) as next from privacy_leaf), numbered as ("
    "select id, greatest(next, %s) + row_number() over (order by id) - 1 as place from "
    "(select id from privacy_leaf where sealed_at is null and index is null order by id limit %s) new, "
    "placed) update privacy_leaf l set index = n.place from numbered n where l.id = n.id"
)
_ENTRIES = (
    "select l.index, l.digest, to_jsonb(a.at) #>> '{}', a.kind, a.subject::text, a.detail::text "
    "from privacy_leaf l left join privacy_act a on a.id = l.act and a.kind = any(%s) "
    "where l.index >= %s and l.index < %s order by l.index"
)


@dataclass(frozen=True)
class _Entry:
    """A leaf with its place; the rest is of acts that the journal holds, else None."""

    index: int
    digest: bytes
    at: str | None
    kind: str | None
    subject: str | None
    detail: Any

    def line(self) -> journal.Line | None:
        if self.kind is None or self.at is None:
            return None
        detail = json.loads(self.detail)
        return journal.Line(index=self.index, at=self.at, kind=self.kind, subject=self.subject, detail=detail)


def _extend(known: Head, entries: Sequence[_Entry], signer: Signer, *, now: datetime) -> Head:
    files, size = place.files(), known.size + len(entries)
    root = files.append(known.size, [bytes(one.digest) for one in entries])
    lines = (line for one in entries if (line := one.line()) is not None)
    journal.append(lines, start=known.size, now=now)
    checkpoint = Checkpoint(signer.verifier.name, size, root)
    note = signer.note(checkpoint.text).encode()
    files.publish(note)
    _cover(known.size, checkpoint, note, now=now)
    files.tidy(known.size, size)
    return Head(size, root, now)


def _cover(start: int, checkpoint: Checkpoint, note: bytes, *, now: datetime) -> None:
    """The database notes what the checkpoint covers, and keeps it. A head never gets older."""
    at = max(now, head().at or now)
    known = {"size": checkpoint.size, "root": checkpoint.root, "note": note.decode(), "at": at}
    with transaction.atomic():
        unsealed = Leaf.objects.filter(sealed_at=None, index__gte=start, index__lt=checkpoint.size)
        unsealed.update(sealed_at=now)
        LogHead.objects.update_or_create(pk=1, defaults=known)


def _finish_published(known: Head, published: Checkpoint, *, now: datetime) -> None:
    """The checkpoint was published, and the process died before it could tell the database."""
    foreign = unknown(known.size, published.size)
    if foreign:
        raise LogAhead(
            f"The log holds {published.size} entries, {len(foreign)} of them unknown to this database, which "
            "is an older copy. Finish its restoration.",
            len(foreign),
        )
    _take_over(known, published, foreign, now=now)


def _opened(note: bytes, verifier: Verifier) -> Checkpoint:
    try:
        return opened(note, verifier)
    except NoteRefused as refused:
        raise LogDamaged(f"The log's checkpoint isn't one: {refused}") from None
