"""What an erasure would do, or did, to each data item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from seqlense.privacy import holds, running
from seqlense.privacy.erasure.steps_sql import IN_ARCHIVE, ON_HOLD, Erasing, erasing
from seqlense.privacy.governance.rules import Column, Due
from seqlense.register import DataItem, Text

Reason = Literal["request", "law", "contract", "hold"]


@dataclass(frozen=True)
class ItemOutcome:
    """The decision on one data item.

    item: its key, "accounts.email".
    outcome: "erased" now, or "kept".
    until: when it goes by itself; None for what is erased, or kept until something happens.
    because: "request" (erased), "law", "contract" (a law counts from `happening`, still to come), or "hold".
    law: the law that keeps it. happening: the event still to come, in words.
    rows: in how many rows the item was found.
    """

    item: str
    outcome: Literal["erased", "kept"]
    until: datetime | None = None
    because: Reason = "request"
    law: Text | None = None
    happening: Text | None = None
    rows: int = 0

    @property
    def declared(self) -> DataItem:
        """The item as the running register declares it."""
        return running.register().item(self.item)

    def as_codes(self) -> dict[str, Any]:
        """For the history of requests: keys, codes and dates."""
        until = self.until.isoformat() if self.until else None
        return {"item": self.item, "outcome": self.outcome, "until": until, "because": self.because}


@dataclass(frozen=True)
class Decision:
    """All outcomes for one person.

    in_place: whether rows stay where they are, because a contract runs.
    seen: numbers of the tables where something was found; archived: whether something was in the archive.
    held: activities on hold.
    act, salt: id of the proof row, and what opens its entry of the log, once done; None in a preview.
    """

    subject: UUID
    at: datetime
    items: tuple[ItemOutcome, ...]
    in_place: bool = False
    seen: frozenset[int] = frozenset()
    archived: bool = False
    held: tuple[str, ...] = ()
    act: UUID | None = None
    salt: bytes | None = field(default=None, repr=False)

    @property
    def erased(self) -> tuple[ItemOutcome, ...]:
        """What goes at once."""
        return tuple(one for one in self.items if one.outcome == "erased")

    @property
    def kept(self) -> tuple[ItemOutcome, ...]:
        """What stays, and why."""
        return tuple(one for one in self.items if one.outcome == "kept")

    @property
    def activities_kept(self) -> frozenset[str]:
        """Activities of which something stays, so that their key must."""
        return frozenset(one.item.split(".")[0] for one in self.kept)


@dataclass(frozen=True)
class _Seen:
    """One table's answer: rows, rows that stay in place, and by law the rows kept with their latest event."""

    rows: int
    running: int
    kept: list[int]
    last: list[datetime | None]


def decide(subject: UUID, *, now: datetime) -> Decision:
    """Look, and say what would happen. Writes nothing; one statement."""
    compiled = erasing()
    with connection.cursor() as cursor:
        cursor.execute(compiled.look, compiled.parameters(subject, now))
        rows = [row for row in cursor.fetchall() if row[1]]
    held = holds.by_activity((row[5][0], row[4][0]) for row in rows if row[0] == ON_HOLD)
    seen = {row[0]: _Seen(*row[1:5]) for row in rows if row[0] >= 0}
    archived = [(*row[5], row[1], row[4][0]) for row in rows if row[0] == IN_ARCHIVE]
    outcomes = [*_of_tables(compiled, seen, held), *_of_archive(archived, held)]
    return Decision(
        subject,
        now,
        _merged(outcomes),
        in_place=any(one.running for one in seen.values()),
        seen=frozenset(seen),
        archived=bool(archived),
        held=tuple(held),
    )


def _of_tables(
    compiled: Erasing, seen: Mapping[int, _Seen], held: Mapping[str, datetime | None]
) -> Iterator[ItemOutcome]:
    for number, found in seen.items():
        part = compiled.parts[number]
        on_hold = [held[one] for one in part.activities if one in held]
        for one in part.free:
            if on_hold:
                yield ItemOutcome(one.item, "kept", _last(on_hold), "hold", rows=found.rows)
            else:
                yield ItemOutcome(one.item, "erased", rows=found.rows)
        for (due, columns), kept, last in zip(part.laws, found.kept, found.last, strict=True):
            for one in columns:
                yield from _under_law(one, due, found, kept, last, on_hold)


def _under_law(
    one: Column,
    due: Due,
    found: _Seen,
    kept: int,
    last: datetime | None,
    on_hold: list[datetime | None],
) -> Iterator[ItemOutcome]:
    if found.running:
        yield ItemOutcome(one.item, "kept", None, "contract", due.law, due.happening, found.running)
    if kept and last is not None:
        yield ItemOutcome(one.item, "kept", due.after.add_to(last), "law", due.law, rows=kept)
    rest = found.rows - found.running - kept
    if rest and on_hold:
        yield ItemOutcome(one.item, "kept", _last(on_hold), "hold", rows=rest)
    elif rest:
        yield ItemOutcome(one.item, "erased", rows=rest)


def _of_archive(rows: list[tuple[Any, ...]], held: Mapping[str, datetime | None]) -> Iterator[ItemOutcome]:
    register = running.register()
    for activity, event, law, items, count, last in rows:
        for key in items:
            rule = next(
                (
                    one
                    for one in (
                        register.activities[activity].retention if activity in register.activities else ()
                    )
                    if one.event == event and (not one.items or key.split(".")[1] in one.items)
                ),
                None,
            )
            if law and rule is not None:
                yield ItemOutcome(key, "kept", rule.after.add_to(last), "law", rule.law, rows=count)
            elif activity in held:
                yield ItemOutcome(key, "kept", held[activity], "hold", rows=count)
            elif law:
                yield ItemOutcome(key, "kept", None, "law", rows=count)
            else:
                yield ItemOutcome(key, "erased", rows=count)


def _last(ends: list[datetime | None]) -> datetime | None:
    known = [one for one in ends if one is not None]
    return max(known) if len(known) == len(ends) else None


def _merged(outcomes: list[ItemOutcome]) -> tuple[ItemOutcome, ...]:
    """One line for each item and kind of outcome: its rows added, the latest date."""
    merged: dict[tuple[str, str, str], ItemOutcome] = {}
    for one in outcomes:
        place = (one.item, one.outcome, one.because)
        other = merged.get(place)
        if other is None:
            merged[place] = one
            continue
        ends = _last([one.until, other.until])
        merged[place] = ItemOutcome(
            one.item, one.outcome, ends, one.because, one.law, one.happening, one.rows + other.rows
        )
    return tuple(merged[place] for place in sorted(merged))
