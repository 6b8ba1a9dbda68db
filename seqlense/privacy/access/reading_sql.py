"""One statement that reads everything about a person, compiled once for the running register."""

import functools
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.core.signals import setting_changed
from django.db import models

from seqlense.privacy import running
from seqlense.privacy.governance import AnyField
from seqlense.privacy.governance import column as field_of
from seqlense.privacy.governance.rules import Column, Due, Plan, plans
from seqlense.privacy.governance.whom_sql import ROW, about, column_of, happened, pk_of, quoted, source
from seqlense.privacy.sealed import SealedField

ARCHIVE = -1
"""Number of the archive among the parts of the statement."""


class Timetable(NamedTuple):
    """Which of a part's rules end a column, and which of them are duties to keep; by their number."""

    erase: tuple[int, ...]
    law: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """How one table's rows come out of the statement, and what they mean.

    plain, sealed: its columns in the order of the two arrays; dues: its rules' events, in that of the third.
    """

    plan: Plan
    plain: tuple[Column, ...]
    sealed: tuple[Column, ...]
    dues: tuple[Due, ...]

    @functools.cached_property
    def timetables(self) -> tuple[Timetable, ...]:
        """When columns go, each way once."""
        return tuple(dict.fromkeys(self._timetable(one) for one in (*self.plain, *self.sealed)))

    @functools.cached_property
    def plain_reads(self) -> tuple[tuple[str, AnyField | None, int], ...]:
        """For each plain column: item, field (of a date: JSON gives text), number of its timetable."""
        places = {timetable: place for place, timetable in enumerate(self.timetables)}
        return tuple((one.item, self._dated(one), places[self._timetable(one)]) for one in self.plain)

    @functools.cached_property
    def sealed_reads(self) -> tuple[tuple[str, SealedField[Any], int], ...]:
        """For each sealed column: item, field, number of its timetable."""
        places = {timetable: place for place, timetable in enumerate(self.timetables)}
        found = ((one, field_of(self.model, one.field)) for one in self.sealed)
        return tuple(
            (one.item, field, places[self._timetable(one)])
            for one, field in found
            if isinstance(field, SealedField)
        )

    @functools.cached_property
    def withheld(self) -> frozenset[str]:
        """Items that are secrets: told about, never handed out."""
        items = running.register().items
        return frozenset(one.item for one in (*self.plain, *self.sealed) if items[one.item].withheld)

    @functools.cached_property
    def key(self) -> type | None:
        """UUID where that is what the rows are known by."""
        return UUID if isinstance(self.model._meta.pk, models.UUIDField) else None

    def _timetable(self, column: Column) -> Timetable:
        erase = tuple(self.dues.index(due) for due in column.erase)
        return Timetable(erase, tuple(self.dues.index(due) for due in column.law))

    def _dated(self, column: Column) -> AnyField | None:
        found = field_of(self.model, column.field)
        return found if isinstance(found, models.DateField) else None

    @functools.cached_property
    def model(self) -> type[models.Model]:
        """The governed model."""
        return self.plan.model


@dataclass(frozen=True)
class Reading:
    """The whole statement, with %(subject)s, and its parts by number."""

    statement: str
    parts: tuple[Part, ...]


def is_sealed(plan: Plan, column: Column) -> bool:
    """Whether a column holds ciphertext."""
    return isinstance(field_of(plan.model, column.field), SealedField)


@functools.cache
def reading() -> Reading:
    """The statement for the running register: as many SELECTs as governed tables, however many rows."""
    parts = tuple(_part(plan) for plan in plans() if plan.about_people)
    selects = [_select(number, part) for number, part in enumerate(parts)]
    return Reading("\nunion all\n".join([*selects, _archived()]), parts)


def _part(plan: Plan) -> Part:
    sealed = tuple(one for one in plan.columns if is_sealed(plan, one))
    plain = tuple(one for one in plan.columns if one not in sealed)
    dues = dict.fromkeys(due for one in plan.columns for due in (*one.erase, *one.archive))
    return Part(plan, plain, sealed, tuple(dues))


def _select(number: int, part: Part) -> str:
    plain = [column_of(part.model, one.field) for one in part.plain]
    sealed = [column_of(part.model, one.field) for one in part.sealed]
    events = [happened(due) for due in part.dues]
    row = f"{ROW}.{quoted(pk_of(part.model).column or '')}::text"
    return (
        f"select {number}, {row}, {_json(plain)}, array[{', '.join(sealed)}]::bytea[], "
        f"array[{', '.join(events)}]::timestamptz[] "
        f"from {source(part.plan.entry)} where {about(part.plan.entry)}"
    )


def _json(columns: list[str]) -> str:
    """A JSON array of any length: a function takes a hundred arguments at most."""
    chunks = [columns[start : start + 90] for start in range(0, len(columns), 90)]
    arrays = ", ".join(f"json_build_array({', '.join(chunk)})" for chunk in chunks)
    return f"json_build_array({arrays})"


def _archived() -> str:
    fields = "t.model, t.row, t.activity, t.event, t.values, t.items"
    return (
        f"select {ARCHIVE}, t.id::text, json_build_array(json_build_array({fields})), array[]::bytea[], "
        "array[t.event_at]::timestamptz[] from privacy_archived t where t.subject_id = %(subject)s::uuid"
    )


def flat(chunks: list[list[Any]]) -> list[Any]:
    """The values of a row, from the chunks that `_json` made."""
    return chunks[0] if len(chunks) == 1 else [value for chunk in chunks for value in chunk]


def _forget(*, setting: str, **_: object) -> None:
    if setting in ("INSTALLED_APPS", "SEQLENSE_REGISTER"):
        reading.cache_clear()


setting_changed.connect(_forget)
