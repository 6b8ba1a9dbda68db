"""Find people by part of a name or address, which the database can't read: an index in each process.

A room registers a model's sealed columns. The index is built when first asked, and caught up before each
search from the rows that say what was written since. Nothing is shown from memory alone: every hit is read
again, so that whoever was erased or renamed, by whichever process, is never found as before.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched, islice
from time import monotonic
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models import UUIDField
from django.db.models.signals import post_save

from seqlense.kit import clock
from seqlense.privacy import keystore, reach, signals
from seqlense.privacy.models import SearchChange
from seqlense.privacy.rows import rows_written
from seqlense.privacy.sealed import SealedField
from seqlense.privacy.switches.bars import barring

_AT_ONCE = 2_000
_STALE_AFTER = 30 * 60  # seconds without a search, after which the index is built anew
_OLDEST = 6 * 3600  # seconds after which it is in any case, so that memory keeps nobody whom a sweep took
_KEPT_FOR = timedelta(hours=1)
# Letters that Unicode doesn't take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def folded(text: str) -> str:
    """Text as it is compared: without case, accents, or space that says nothing."""
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


@dataclass(frozen=True)
class Found:
    """A hit. model: label of the model; row: primary key; subject: whom it is about."""

    model: str
    row: UUID
    subject: UUID


@dataclass
class Index:
    """What one model's rows say, folded, in this process's memory."""

    label: str
    fields: tuple[str, ...]
    _texts: dict[UUID, tuple[UUID, str]] = field(default_factory=dict, repr=False)
    _unsure: set[UUID] = field(default_factory=set, repr=False)
    _horizon: int | None = field(default=None, repr=False)
    _asked_at: float = field(default=0.0, repr=False)
    _built_at: float = field(default=0.0, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def model(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.label)

    def find(self, text: str, *, limit: int = 50) -> list[Found]:
        """Rows with every word of `text` somewhere in one of the columns, those that begin with it first."""
        words = folded(text).split()
        if not words or limit < 1:
            return []
        with self._lock:
            self._catch_up()
            hits = [
                (f"\n{words[0]}" not in f"\n{text}", text, row)
                for row, (_, text) in self._texts.items()
                if all(word in text for word in words)
            ]
            return list(islice(self._confirmed([row for *_, row in sorted(hits)], words, limit), limit))

    def drop(self, subject: UUID | None = None) -> None:
        """Forget that person, or everybody."""
        with self._lock:
            if subject is None:
                self._texts.clear()
                self._horizon = None
            for row in [row for row, (whose, _) in self._texts.items() if whose == subject]:
                del self._texts[row]

    def _confirmed(self, hits: list[UUID], words: list[str], limit: int) -> Iterator[Found]:
        for some in batched(hits, limit, strict=False):
            read = {row: (subject, text) for row, subject, text in self._read(some, living=True)}
            for row in some:
                subject, text = read.get(row, (None, ""))
                if subject is not None and all(word in text for word in words):
                    yield Found(self.label, row, subject)
                else:
                    self._texts.pop(row, None)
                    self._unsure.add(row)  # perhaps only invisible to this transaction

    def _catch_up(self) -> None:
        now = monotonic()
        fresh = now - self._asked_at < _STALE_AFTER and now - self._built_at < _OLDEST
        self._asked_at = now
        since = self._horizon if fresh else None
        changed, own, horizon = _changes(self.label, since)
        if since is None:
            self._built_at = now
            self._texts = {row: (subject, text) for row, subject, text in self._read(None)}
        else:
            again = changed | self._unsure
            for row in again:
                self._texts.pop(row, None)
            for some in batched(again, _AT_ONCE, strict=False):
                self._texts.update({row: (subject, text) for row, subject, text in self._read(some)})
        self._unsure = own
        self._horizon = horizon

    def _read(
        self, rows: Collection[UUID] | None, *, living: bool = False
    ) -> Iterator[tuple[UUID, UUID, str]]:
        """Row, subject and folded text of these rows, or all; rows whose keys are gone are left out.

        So is whoever has the use of these data limited: nobody finds them, and no memory holds them.
        """
        sealed = [self.model._meta.get_field(name) for name in self.fields]
        limited = barring(*(one.activity for one in sealed if isinstance(one, SealedField)))
        with reach.maintenance():
            chosen: models.QuerySet[Any] = models.QuerySet(self.model).exclude(subject_id=None)
            chosen = chosen.exclude(limited)
            if rows is not None:
                chosen = chosen.filter(pk__in=rows)
            if living:
                chosen = chosen.filter(subject__erased_at=None)
            stored = chosen.values_list("pk", "subject_id", *self.fields).iterator(chunk_size=_AT_ONCE)
            for some in batched(stored, _AT_ONCE, strict=False):
                yield from _opened(some, sealed)


def _opened(rows: Collection[Any], fields: list[Any]) -> Iterator[tuple[UUID, UUID, str]]:
    activities = {one.activity for one in fields if isinstance(one, SealedField)}
    keys = keystore.keys_for({(row[1], activity) for row in rows for activity in activities})
    for pk, subject, *values in rows:
        texts = []
        for one, value in zip(fields, values, strict=True):
            if not isinstance(one, SealedField):
                texts.append(value)
            elif value is not None and (key := keys.get((subject, one.activity))) is not None:
                texts.append(one.decode(one.unseal(bytes(value), row=pk, key=key)))
        if any(texts):
            yield pk, subject, "\n".join(folded(text) for text in texts if text)


def _changes(label: str, since: int | None) -> tuple[set[UUID], set[UUID], int]:
    """Rows written since; those of them by our own transaction; the next `since`.

    It is the oldest transaction still running: what older ones wrote is visible, or never will be. Ids of
    rows wouldn't do, as they are drawn before their transaction ends.
    """
    database = connections[router.db_for_read(SearchChange)]
    with database.cursor() as cursor:
        if database.vendor != "postgresql":
            cursor.execute("SELECT coalesce(max(id), 0) FROM privacy_searchchange")
            (horizon,) = cursor.fetchone() or (0,)
            written = SearchChange.objects.filter(model=label, id__gt=-1 if since is None else since)
            return set(written.values_list("row_id", flat=True)), set(), horizon
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " pg_current_xact_id_if_assigned()::text::bigint, c.row_id, c.writer FROM (SELECT) AS always"
            " LEFT JOIN privacy_searchchange c ON c.model = %s AND c.writer >= %s",
            [label, 0 if since is None else since],
        )
        rows: list[Any] = cursor.fetchall()
    changed = {row[2] for row in rows if row[2] is not None}
    own = {row[2] for row in rows if row[2] is not None and row[3] == row[1]}
    return changed, own, rows[0][0]


_indexes: dict[str, Index] = {}


def register(label: str, fields: Collection[str]) -> Index:
    """Let rows of a model ("accounts.Account") be found by these columns. In the room's `AppConfig.ready`."""
    index = _indexes[label.lower()] = Index(label, tuple(fields))
    return index


def index(label: str) -> Index:
    """A registered model's index. Raises KeyError for another."""
    return _indexes[label.lower()]


def by_name(text: str, *, limit: int = 50) -> list[UUID]:
    """Subjects of whom any registered column has every word of `text`, at most `limit`, best hits first.

    Case and accents don't matter. Costs two statements and a look through memory; the first one of a process,
    or after half an hour without any, also reads every registered row.
    """
    found: dict[UUID, None] = {}
    for one in _indexes.values():
        found.update(dict.fromkeys(hit.subject for hit in one.find(text, limit=limit)))
    return list(islice(found, limit))


def trim(*, now: datetime) -> int:
    """Delete notes of changes that every process has read or will not need; how many."""
    deleted, _ = SearchChange.objects.filter(at__lt=now - _KEPT_FOR).delete()
    return deleted


def _saved(
    sender: type[models.Model],
    instance: models.Model,
    update_fields: Any = None,
    using: str = "",
    **_: object,
) -> None:
    registered = _indexes.get(sender._meta.label_lower)
    if registered and (update_fields is None or not set(registered.fields).isdisjoint(update_fields)):
        _note(registered, [instance], using)


def _written(sender: type[models.Model], rows: list[models.Model], **_: object) -> None:
    registered = _indexes.get(sender._meta.label_lower)
    if registered and rows:
        _note(registered, rows, rows[0]._state.db or DEFAULT_DB_ALIAS)


def _note(index: Index, rows: list[Any], using: str) -> None:
    database = connections[using]
    statement = (
        "INSERT INTO privacy_searchchange (subject_id, model, row_id, at, writer) VALUES (%s, %s, %s, %s, "
    )
    statement += "pg_current_xact_id()::text::bigint)" if database.vendor == "postgresql" else "0)"
    identity = UUIDField().get_db_prep_value
    at = clock.now()  # a receiver of signals, whom nobody tells the time
    noted = [
        (identity(row.subject_id, database), index.label, identity(row.pk, database), at) for row in rows
    ]
    if noted:
        with database.cursor() as cursor:
            cursor.executemany(statement, noted)


def _erasing(subject: UUID, **_: object) -> None:
    """Let every process forget the person at its next search."""
    for one in _indexes.values():
        with reach.maintenance():
            rows: list[Any] = list(models.QuerySet(one.model).filter(subject_id=subject).only("pk"))
            for row in rows:
                row.subject_id = None
            _note(one, rows, DEFAULT_DB_ALIAS)


def _switched(subject: UUID, **_: object) -> None:
    """Every process looks again whether it may find that person."""
    for one in _indexes.values():
        with reach.maintenance():
            mine: models.QuerySet[Any] = models.QuerySet(one.model).filter(subject_id=subject)
            _note(one, list(mine.only("pk", "subject")), DEFAULT_DB_ALIAS)


def _erased(subject: UUID, **_: object) -> None:
    """Out of this process's memory at once."""
    for one in _indexes.values():
        one.drop(subject)


def connect() -> None:
    """Notice what is written and who is erased. Called when the kernel starts."""
    post_save.connect(_saved, dispatch_uid="seqlense.search")
    rows_written.connect(_written, dispatch_uid="seqlense.search")
    signals.erasing.connect(_erasing, dispatch_uid="seqlense.search")
    signals.erased.connect(_erased, dispatch_uid="seqlense.search")
    signals.switched.connect(_switched, dispatch_uid="seqlense.search")
