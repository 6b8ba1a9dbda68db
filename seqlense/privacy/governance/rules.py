"""The running register's retention rules, met with the columns that hold its items.

Everything here is known at start: which rule reaches which column of which table, counted from which date.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.core.signals import setting_changed
from django.db import models

from seqlense.kit.periods import Period
from seqlense.privacy import governance, running
from seqlense.privacy.governance import Governed
from seqlense.register import Register, RetentionRule, Text


@dataclass(frozen=True)
class Due:
    """One rule on one table: due for a row when `column` + `after` has come.

    column: attribute name of the date column, on the row itself or (`of_parent`) on the one it follows.
    law: the duty to keep, which an erasure request doesn't shorten; None where the period is only a maximum.
    archives: whether the items are put out of reach then, instead of deleted.
    happening: the event in words.
    """

    event: str
    after: Period
    column: str
    of_parent: bool
    law: Text | None
    archives: bool
    happening: Text

    def cutoff(self, now: datetime) -> datetime:
        """The latest event that is due at that moment."""
        return self.after.latest_start(now)


@dataclass(frozen=True)
class Column:
    """One data item in one column, with the rules that reach it there.

    Whichever of `erase` comes first deletes it, unless one of `law` still asks to keep it.
    """

    field: str
    item: str
    erase: tuple[Due, ...]
    archive: tuple[Due, ...]

    @property
    def law(self) -> tuple[Due, ...]:
        """Duties to keep it."""
        return tuple(due for due in self.erase if due.law is not None)

    @property
    def keeper(self) -> Due | None:
        """The duty that keeps it longest."""
        return min(self.law, key=lambda due: due.cutoff(FAR), default=None)


FAR = datetime(2400, 1, 1, tzinfo=UTC)
"""Where periods are compared: the one that began first is the longest."""


@dataclass(frozen=True)
class Plan:
    """What the register says of one governed table.

    own: its columns of its own activity; foreign: those of others, which keep a row alive only by law.
    """

    entry: Governed
    own: tuple[Column, ...]
    foreign: tuple[Column, ...]

    @property
    def model(self) -> type[models.Model]:
        """The governed model."""
        return self.entry.model_class()

    @property
    def columns(self) -> tuple[Column, ...]:
        """All its columns that hold data items."""
        return (*self.own, *self.foreign)

    @property
    def about_people(self) -> bool:
        """Whether it holds data items of persons: such a table is read for access, and erased."""
        return bool(self.columns) and not self.entry.nobody

    @functools.cached_property
    def lasting(self) -> tuple[Column, ...]:
        """Those of its own columns that last longest: the row goes with them."""
        return max(alike(self.own), key=_length, default=())

    @functools.cached_property
    def apart(self) -> tuple[tuple[Column, ...], ...]:
        """Columns that go at another time than their row, by the rules that they share: emptied then."""
        groups = alike(self.own)
        events = [{due.column for due in group[0].erase} for group in groups]
        mixed = any(one != events[0] for one in events)
        own = [group for group in groups if mixed or group != self.lasting]
        return (*own, *alike(self.foreign))

    @functools.cached_property
    def kept_together(self) -> dict[Due | None, tuple[Column, ...]]:
        """Columns by the duty that keeps them; under None those that an erasure request takes at once."""
        groups: dict[Due | None, list[Column]] = defaultdict(list)
        for one in self.columns:
            groups[one.keeper].append(one)
        return {due: tuple(columns) for due, columns in groups.items()}


def alike(columns: tuple[Column, ...]) -> list[tuple[Column, ...]]:
    """Columns by the rules that they share; those that no rule ends stay out."""

    def rules(one: Column) -> str:
        return repr((one.erase, one.archive))

    ruled = sorted((one for one in columns if one.erase), key=rules)
    return [tuple(group) for _, group in groupby(ruled, key=rules)]


def _length(group: tuple[Column, ...]) -> timedelta:
    return FAR - max(due.cutoff(FAR) for due in group[0].erase)


def plan(entry: Governed, register: Register) -> Plan:
    """Meet one declaration with the register. Items that the register doesn't know are left to the checks."""
    columns = [
        Column(
            field=name,
            item=key,
            erase=tuple(_dues(entry, register, key, archives=False)),
            archive=tuple(_dues(entry, register, key, archives=True)),
        )
        for name, key in entry.item_keys.items()
        if key in register.items
    ]
    own = tuple(one for one in columns if one.item.split(".")[0] == entry.activity)
    return Plan(entry, own, tuple(one for one in columns if one not in own))


def _dues(entry: Governed, register: Register, key: str, *, archives: bool) -> Iterator[Due]:
    activity, item = key.split(".")
    for rule in register.activities[activity].rules_for(item):
        if (rule.then == "archive") == archives and (due := due_of(entry, rule)):
            yield due


def parent_of(entry: Governed) -> Governed | None:
    """The declaration of the row with which this one goes, or None."""
    if entry.follows is None:
        return None
    found = governance.column(entry.model_class(), entry.follows)
    related = getattr(found, "related_model", None)
    return governance.declared().of(related) if related is not None else None


def due_of(entry: Governed, rule: RetentionRule) -> Due | None:
    """That rule on that table; None where nothing there says when its event happened."""
    parent = parent_of(entry)
    for source in (entry, parent):
        if source is not None and rule.event in source.events:
            date_column = governance.column(source.model_class(), source.events[rule.event])
            if date_column is not None:
                return Due(
                    event=rule.event,
                    after=rule.after,
                    column=str(date_column.column),
                    of_parent=source is parent,
                    law=rule.law,
                    archives=rule.then == "archive",
                    happening=rule.event_label,
                )
    return None


@functools.cache
def plans() -> tuple[Plan, ...]:
    """Every governed table of the running register, children before the rows that they follow."""
    register = running.register()
    found = [plan(entry, register) for entry in governance.declared().governed]
    return tuple(sorted(found, key=lambda one: one.entry.follows is None))


def _forget(*, setting: str, **_: object) -> None:
    if setting in ("INSTALLED_APPS", "SEQLENSE_REGISTER"):
        plans.cache_clear()


setting_changed.connect(_forget)
