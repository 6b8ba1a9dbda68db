"""What a sweep does, compiled once for the running register: passes, each a statement for one batch of rows.

A batch takes the oldest due rows through the index of their date column, by `ctid`: as fast as deleting can
be in PostgreSQL while others write.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.core.signals import setting_changed

from seqlense.privacy import running
from seqlense.privacy.erasure.steps_sql import archiving, emptied
from seqlense.privacy.governance import column as field_of
from seqlense.privacy.governance.links_sql import going_along
from seqlense.privacy.governance.rules import Column, Due, Plan, alike, plans
from seqlense.privacy.governance.whom_sql import (
    PARENT,
    ROW,
    key_column,
    quoted,
    source,
    subject_of,
    table,
)
from seqlense.privacy.proof_sql import proof
from seqlense.register import Register

type Outcome = Literal["deleted", "cleared", "archived"]
ARCHIVE = "privacy.archived"


@dataclass(frozen=True)
class Pass:
    """One rule at work on one table.

    activity, model, event: whose rows, where, from what the period counts. outcome: what becomes of them.
    activities: those whose keys may be of no use any more afterwards.
    date: expression of the moment that the period counts from. where: condition, a cutoff for each period.
    holder: expression of the person, for holds. here: FROM clause. steps: what happens to the batch `doomed`.
    periods: parameter → the period whose cutoff it is. due: the rule whose date orders the rows.
    """

    activity: str
    model: str
    event: str
    outcome: Outcome
    activities: tuple[str, ...]
    date: str
    where: str
    holder: str
    here: str
    key: str
    steps: tuple[str, ...]
    last: str
    periods: tuple[tuple[str, Due], ...]
    due: Due | None

    def parameters(self, now: datetime) -> dict[str, Any]:
        """Cutoffs at that moment."""
        return {"now": now, **{name: due.cutoff(now) for name, due in self.periods}}

    def batch(self, *, holds: bool, skip_locked: bool = False, sealing: bool = False) -> str:
        """One batch of %(size)s rows from %(start)s on, its proof and its keys' end.

        sealing: whether keys may be of no use afterwards, those of %(sealing)s. The proof tells how many rows
        were chosen; as many must have gone, as the statement's own count tells. RETURNING costs a third more.
        """
        order = "" if self.event == "" else f" and {self.date} >= %(start)s order by {self.date}"
        locked = f" for update of {ROW} skip locked" if skip_locked else ""
        key = f"{self.key} as key, " if self.steps else ""
        doomed = (
            f"doomed as materialized (select {ROW}.ctid as here, {key}{self.holder} as who, "
            f"{self.date} as moment from {self.here} where {self.where}{self._spared(holds=holds)}{order} "
            f"limit %(size)s{locked})"
        )
        steps = [f"step_{place} as ({step} returning 1)" for place, step in enumerate(self.steps)]
        recorded = [_PEOPLE, _TOTAL, _PROOF, *([_KEYS] if sealing else [])]
        return f"with {', '.join([doomed, *steps, *recorded])} {self.last}"

    def counting(self, *, holds: bool) -> str:
        """How many rows are due."""
        return f"select count(*) from {self.here} where {self.where}{self._spared(holds=holds)}"

    def coming(self) -> str:
        """Rows by the day on which they become due, from %(now)s to %(until)s; overdue ones count today."""
        if self.due is None:
            return "select null::date, 0 where false"
        after = self.due.after
        period = f"make_interval(months => {after.months}, secs => {after.rest.total_seconds()})"
        today = "(%(now)s at time zone 'UTC')::date"
        day = f"greatest(({self.date} at time zone 'UTC' + {period})::date, {today})"
        return f"select {day}, count(*) from {self.here} where {self.where} group by 1"

    def _spared(self, *, holds: bool) -> str:
        if not holds:
            return ""
        listed = ", ".join(f"'{one}'" for one in ("", *self.activities))
        return (
            f" and not exists (select 1 from privacy_hold h where h.subject_id = {self.holder} "
            f"and h.activity in ({listed}) and h.placed_at <= %(now)s "
            "and (h.ends_at is null or h.ends_at > %(now)s))"
        )


_PEOPLE = (
    "people as materialized (select who, count(*) as rows, max(moment) as last from doomed group by who)"
)
_TOTAL = "total as (select sum(rows)::bigint as rows, max(last) as last from people)"
_PROOF = f"proof as ({proof('privacy.swept', "rows, 'until', last", 'from total where rows > 0')})"
_KEYS = (
    "keys as (insert into privacy_keydestruction (id, created_at, subjects, activities, erased, handles) "
    "select gen_random_uuid(), %(now)s, array_agg(who), %(sealing)s::text[], false, false "
    "from people where who is not null having count(*) > 0)"
)
_BATCH = "ctid = any(array(select here from doomed))"


@functools.cache
def passes() -> tuple[Pass, ...]:
    """All passes of the running register: deletion, clearing, archiving, and last the archive itself."""
    found = [one for plan in plans() for one in _of_table(plan)]
    order = {"deleted": 0, "cleared": 1, "archived": 2}
    found.sort(key=lambda one: order[one.outcome])
    return (*found, *_of_archive(running.register()))


def _of_table(plan: Plan) -> Iterator[Pass]:
    if plan.lasting:
        also = " and ".join(_gone(group[0]) for group in alike(plan.own) if group != plan.lasting)
        for due in plan.lasting[0].erase:
            yield _row_pass(plan, due, _with(also, _laws(plan.columns)))
    for group in plan.apart:
        for due in group[0].erase:
            yield _clearing(plan, due, group)
    for archive in dict.fromkeys(due for one in plan.own for due in one.archive):
        yield _archiving(plan, archive, tuple(one for one in plan.own if archive in one.archive))


def _moment(due: Due) -> str:
    return f"{PARENT if due.of_parent else ROW}.{quoted(due.column)}"


def _name(due: Due) -> str:
    return f"before_{due.after}"


def _is_due(due: Due) -> str:
    return f"{_moment(due)} <= %({_name(due)})s"


def _gone(column: Column) -> str:
    """Condition: one of a column's periods has ended."""
    return f"({' or '.join(_is_due(due) for due in column.erase)})"


def _laws(columns: tuple[Column, ...]) -> str:
    """Condition: no law asks to keep any of these columns."""
    return " and ".join(dict.fromkeys(_is_due(due) for one in columns for due in one.law))


def _with(*conditions: str) -> str:
    return " and ".join(dict.fromkeys(one for one in conditions if one))


def _pass(plan: Plan, due: Due, outcome: Outcome, where: str, last: str, **more: Any) -> Pass:
    named = {_name(one): one for column in plan.columns for one in (*column.erase, *column.archive)}
    model = plan.model
    activities = dict.fromkeys([plan.entry.activity, *(one.item.split(".")[0] for one in plan.columns)])
    return Pass(
        activity=more.pop("activity", plan.entry.activity),
        model=plan.entry.model,
        event=due.event,
        outcome=outcome,
        activities=tuple(activities),
        date=_moment(due),
        where=_with(_is_due(due), where),
        holder=subject_of(plan.entry),
        here=source(plan.entry),
        key=f"{ROW}.{key_column(model)}",
        steps=more.pop("steps", ()),
        last=last,
        periods=tuple(
            (name, one) for name, one in named.items() if f"%({name})s" in _with(_is_due(due), where)
        ),
        due=due,
    )


def _row_pass(plan: Plan, due: Due, where: str) -> Pass:
    along = tuple(going_along(plan.model, "select key from doomed"))
    last = f"delete from {table(plan.model)} {ROW} where {ROW}.{_BATCH}"
    return _pass(plan, due, "deleted", where, last, steps=along)


def _clearing(plan: Plan, due: Due, group: tuple[Column, ...]) -> Pass:
    filled = " or ".join(_filled(plan, one) for one in group)
    cleared = ", ".join(emptied(plan, one) for one in group)
    last = f"update {table(plan.model)} {ROW} set {cleared} where {ROW}.{_BATCH}"
    where = _with(f"({filled})", _laws(group))
    return _pass(plan, due, "cleared", where, last, activity=group[0].item.split(".")[0])


def _filled(plan: Plan, one: Column) -> str:
    found = field_of(plan.model, one.field)
    name = f"{ROW}.{quoted(str(found.column) if found is not None else one.field)}"
    return f"{name} is not null" if found is None or found.null else f"{name} <> ''"


def _archiving(plan: Plan, due: Due, columns: tuple[Column, ...]) -> Pass:
    """Move columns to the archive, by the rule that ends them there; the whole row if they are all of it."""
    ends: dict[Due, list[Column]] = {}
    for one in columns:
        final = one.keeper or next(iter(one.erase), None)
        if final is not None:
            ends.setdefault(final, []).append(one)
    rows = f"{source(plan.entry)} where {ROW}.{_BATCH}"
    steps = tuple(archiving(plan, final, tuple(group), rows) for final, group in ends.items())
    known = " and ".join(f"{_moment(final)} is not null" for final in ends)
    if set(columns) == set(plan.own):
        along = tuple(going_along(plan.model, "select key from doomed"))
        last = f"delete from {table(plan.model)} {ROW} where {ROW}.{_BATCH}"
        return _pass(plan, due, "archived", known, last, steps=(*steps, *along))
    filled = " or ".join(_filled(plan, one) for one in columns)
    cleared = ", ".join(emptied(plan, one) for one in columns)
    last = f"update {table(plan.model)} {ROW} set {cleared} where {ROW}.{_BATCH}"
    return _pass(plan, due, "archived", _with(f"({filled})", known), last, steps=steps)


def _of_archive(register: Register) -> Iterator[Pass]:
    """What was archived goes by the running register's rules; what only a hold kept, when that has ended."""
    for activity in register.activities.values():
        for rule in activity.retention:
            if rule.then == "archive":
                continue
            due = Due(rule.event, rule.after, "event_at", False, rule.law, False, rule.event_label)
            keys = ", ".join(f"'{activity.id}.{item}'" for item in rule.items)
            items = f"{ROW}.items[1] in ({keys})" if keys else "true"
            where = f"{ROW}.activity = '{activity.id}' and {ROW}.event = '{rule.event}' and {items}"
            yield _archive_pass(
                activity.id, rule.event, due, f"{where} and {ROW}.event_at <= %({_name(due)})s"
            )
        yield _archive_pass(activity.id, "", None, f"{ROW}.activity = '{activity.id}' and {ROW}.event = ''")


def _archive_pass(activity: str, event: str, due: Due | None, where: str) -> Pass:
    return Pass(
        activity=activity,
        model=ARCHIVE,
        event=event,
        outcome="deleted",
        activities=(activity,),
        date=f"{ROW}.event_at",
        where=where,
        holder=f"{ROW}.subject_id",
        here=f"privacy_archived {ROW}",
        key=f"{ROW}.id",
        steps=(),
        last=f"delete from privacy_archived {ROW} where {ROW}.{_BATCH}",
        periods=((_name(due), due),) if due else (),
        due=due,
    )


def _forget(*, setting: str, **_: object) -> None:
    if setting in ("INSTALLED_APPS", "SEQLENSE_REGISTER"):
        passes.cache_clear()


setting_changed.connect(_forget)
