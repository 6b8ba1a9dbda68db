"""The statements of an erasure, compiled once for the running register: what is there, and its deletion.

For one person and one table a row is either deleted, or put in the archive with the columns that a law (or a
hold) keeps, or, while the event that the law counts from hasn't happened, left in place without its others.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.signals import setting_changed

from seqlense.privacy.governance import column as field_of
from seqlense.privacy.governance.links_sql import going_along
from seqlense.privacy.governance.rules import Column, Due, Plan, plans
from seqlense.privacy.governance.whom_sql import (
    PARENT,
    ROW,
    about,
    clearing,
    column_of,
    happened,
    key_column,
    quoted,
    source,
    subject_of,
    table,
)
from seqlense.privacy.proof_sql import proof

type Steps = tuple[tuple[str, str], ...]
"""Names and statements, in order."""


@dataclass(frozen=True)
class Part:
    """One table in the statements.

    free: its columns that no law keeps; laws: each duty with the columns that it keeps.
    """

    plan: Plan
    free: tuple[Column, ...]
    laws: tuple[tuple[Due, tuple[Column, ...]], ...]

    @property
    def activities(self) -> tuple[str, ...]:
        """Activities that its columns serve, its own first."""
        return tuple(
            dict.fromkeys([self.plan.entry.activity, *(one.item.split(".")[0] for one in self.plan.columns)])
        )


@dataclass(frozen=True)
class Erasing:
    """The compiled statements. `look` finds what is there, `act` deletes it; periods: the laws'.

    calm, holding: the steps of each part for a person without holds, and with some.
    """

    parts: tuple[Part, ...]
    look: str
    calm: tuple[Steps, ...]
    holding: tuple[Steps, ...]
    periods: Mapping[str, Due]

    def act(self, seen: Iterable[int], *, holds: bool, archived: bool, again: bool = False) -> str:
        """One statement: tables where something was seen, answer, keys' end, proof. How many rows went.

        again: in a restored database, at %(again)s, what was done at %(now)s.
        """
        steps = self.holding if holds else self.calm
        chain = [step for number in sorted(seen) for step in steps[number]]
        chain += [("gone", _ARCHIVE_DELETE)] if archived else []
        chain += [("erased", _MARK), *([("person", _UNLINK)] if self._knows_people else [])]
        gone = [name for name, _ in chain if name.startswith(("delete", "gone"))]
        rows = " + ".join(f"(select count(*) from {name})" for name in gone) or "0"
        proven = (
            proof("privacy.erasure_replayed", rows, at="%(again)s")
            if again
            else proof("privacy.erased", rows)
        )
        chain += [("request", _REQUEST), ("keys", _KEYS), ("proof", proven)]
        bodies = ", ".join(f"{name} as ({body} returning 1)" for name, body in chain)
        return f"with {bodies}\nselect {rows}"

    @functools.cached_property
    def _knows_people(self) -> bool:
        return any(part.plan.entry.person for part in self.parts)

    def parameters(self, subject: UUID, now: datetime, held: Iterable[str] = ()) -> dict[str, Any]:
        """Values for both statements. held: activities on hold for that person."""
        cutoffs = {name: due.cutoff(now) for name, due in self.periods.items()}
        return {"subject": subject, "now": now, "held": list(held), **cutoffs}


@functools.cache
def erasing() -> Erasing:
    """The statements for the running register."""
    parts = tuple(_part(plan) for plan in plans() if plan.about_people)
    periods = {cutoff_name(due): due for part in parts for due, _ in part.laws}
    looks = [_look(number, part) for number, part in enumerate(parts)]
    calm, holding = (
        tuple(tuple(_steps(number, part, holds=holds)) for number, part in enumerate(parts))
        for holds in (False, True)
    )
    return Erasing(parts, "\nunion all\n".join([*looks, *_ASIDE]), calm, holding, periods)


IN_ARCHIVE, ON_HOLD = -1, -2
_ASIDE = (
    f"select {IN_ARCHIVE}, count(*), 0, array[]::bigint[], array[max(event_at)], "
    "json_build_array(activity, event, law, items) from privacy_archived "
    "where subject_id = %(subject)s::uuid group by activity, event, law, items",
    f"select {ON_HOLD}, 1, 0, array[]::bigint[], array[ends_at], json_build_array(activity) "
    "from privacy_hold "
    "where subject_id = %(subject)s::uuid and placed_at <= %(now)s::timestamptz "
    "and (ends_at is null or ends_at > %(now)s::timestamptz)",
)
_REQUEST = (
    "insert into privacy_rightsrequest "
    "(id, subject_id, kind, channel, received_at, due_on, answered_at, outcome, proof, register_version) "
    "values (%(request)s::uuid, %(subject)s::uuid, 'erasure', %(channel)s, %(now)s, %(due_on)s, %(now)s, "
    "%(outcome)s::jsonb, %(opening_kept)s, %(version)s) on conflict (id) do nothing"
)
_KEYS = (
    "insert into privacy_keydestruction (id, created_at, subjects, activities, erased, handles) values "
    "(%(keys)s::uuid, %(now)s, array[%(subject)s::uuid], %(useless)s::text[], true, %(handles)s)"
)
_ARCHIVE_DELETE = (
    "delete from privacy_archived where subject_id = %(subject)s::uuid "
    "and not law and not activity = any(%(held)s::text[])"
)


_MARK = "update privacy_subject set erased_at = %(now)s where id = %(subject)s::uuid"
_UNLINK = "delete from privacy_person where subject_id = %(subject)s::uuid and not %(in_place)s"


def _part(plan: Plan) -> Part:
    groups = plan.kept_together
    return Part(
        plan, groups.get(None, ()), tuple((due, kept) for due, kept in groups.items() if due is not None)
    )


def cutoff_name(due: Due) -> str:
    """Name of the parameter for a duty's cutoff: the same for equal periods."""
    return f"before_{due.after}"


def _running(part: Part) -> str:
    """Condition: the event that a law counts from hasn't happened: the row is still needed in place."""
    waits = [f"{happened(due)} is null or {happened(due)} > %(now)s::timestamptz" for due, _ in part.laws]
    return f"({' or '.join(waits)})" if waits else "false"


def _kept(due: Due) -> str:
    return f"{happened(due)} > %({cutoff_name(due)})s::timestamptz"


def _on_hold(part: Part) -> str:
    listed = ", ".join(f"'{one}'" for one in part.activities)
    return f"(%(held)s::text[] && array[{listed}]::text[])"


def _look(number: int, part: Part) -> str:
    """Rows, rows in place, and for each law the rows it keeps and its latest event among them."""
    running = _running(part)
    kept = [f"count(*) filter (where {_kept(due)} and not {running})" for due, _ in part.laws]
    last = [f"max({happened(due)}) filter (where {_kept(due)} and not {running})" for due, _ in part.laws]
    return (
        f"select {number}, count(*), count(*) filter (where {running}), "
        f"array[{', '.join(kept)}]::bigint[], array[{', '.join(last)}]::timestamptz[], null::json "
        f"from {source(part.plan.entry)} where {about(part.plan.entry)}"
    )


def _steps(number: int, part: Part, *, holds: bool) -> Iterator[tuple[str, str]]:
    """The steps of one table: into the archive, empty what stays, delete what goes with it, delete."""
    entry, model, running = part.plan.entry, part.plan.model, _running(part)
    held = _on_hold(part) if holds else "false"
    goes = "" if running == "false" else f" and not {running}"
    here = f"{source(entry)} where {about(entry)}"
    for place, (due, columns) in enumerate(part.laws):
        rows = f"{here}{goes} and ({_kept(due)} or {held})"
        yield f"archive_{number}_{place}", archiving(part.plan, due, columns, rows)
    if part.free and holds:
        yield f"archive_{number}", archiving(part.plan, None, part.free, f"{here}{goes} and {held}")
    keys = f"select {ROW}.{key_column(model)} from {here}{goes}"
    for place, step in enumerate(going_along(model, keys)):
        yield f"along_{number}_{place}", step
    if part.laws and part.free:
        cleared = ", ".join(emptied(part.plan, one) for one in part.free)
        kept = f"select {ROW}.{key_column(model)} from {here} and {running} and not {held}"
        yield f"clear_{number}", f"update {table(model)} set {cleared} where {key_column(model)} in ({kept})"
    chosen = f"{ROW}.{key_column(model)} in ({keys})" if PARENT in goes else f"{about(entry)}{goes}"
    yield f"delete_{number}", f"delete from {table(model)} {ROW} where {chosen}"


def emptied(plan: Plan, one: Column) -> str:
    """SET clause that empties a column."""
    found = field_of(plan.model, one.field)
    empty = clearing(found) if found is not None else None
    name = quoted(str(found.column)) if found is not None else quoted(one.field)
    return f"{name} = {empty or 'null'}"


def archiving(plan: Plan, due: Due | None, columns: tuple[Column, ...], rows: str) -> str:
    """INSERT into the archive: those columns of the rows that `rows` (FROM ... WHERE) gives, by that rule."""
    entry, model = plan.entry, plan.model
    values = [f"'{one.field}', {column_of(model, one.field)}" for one in columns]
    chunks = [values[start : start + 45] for start in range(0, len(values), 45)]
    packed = " || ".join(f"jsonb_build_object({', '.join(chunk)})" for chunk in chunks)
    items = ", ".join(f"'{key}'" for key in dict.fromkeys(one.item for one in columns))
    activity = columns[0].item.split(".")[0]
    event = due.event if due else ""
    when = happened(due) if due else "%(now)s::timestamptz"
    law = "true" if due and due.law is not None else "false"
    return (
        "insert into privacy_archived "
        "(id, subject_id, activity, model, row, event, event_at, law, items, values, archived_at) "
        f"select gen_random_uuid(), {subject_of(entry)}, '{activity}', '{entry.label}', "
        f"{ROW}.{key_column(model)}::text, '{event}', {when}, {law}, "
        f"array[{items}]::text[], {packed}, %(now)s::timestamptz from {rows}"
    )


def _forget(*, setting: str, **_: object) -> None:
    if setting in ("INSTALLED_APPS", "SEQLENSE_REGISTER"):
        erasing.cache_clear()


setting_changed.connect(_forget)
