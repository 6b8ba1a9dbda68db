"""Read all about a person: one statement, one look into the keystore, then decryption."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from seqlense.privacy import keystore, reach, running
from seqlense.privacy.access.held import Access, HeldActivity, HeldItem, HeldValue
from seqlense.privacy.access.reading_sql import ARCHIVE, Part, flat, reading
from seqlense.privacy.governance import AnyField, declared
from seqlense.privacy.governance import column as field_of
from seqlense.privacy.sealed import SealedField, veils
from seqlense.register import Register

type Values = dict[str, list[HeldValue]]
type Row = tuple[int, str, Any, list[Any], list[datetime | None]]


def everything(subject: UUID, *, now: datetime) -> Access:
    """All that is held about a person, by activity. Writes nothing. One statement, however many rows."""
    with reach.maintenance():
        return read(subject, now=now)


def read(subject: UUID, *, now: datetime) -> Access:
    """As `everything`, where row security has been passed already."""
    compiled, register = reading(), running.register()
    with connection.cursor() as cursor:
        cursor.execute(compiled.statement, {"subject": subject})
        rows: list[Row] = cursor.fetchall()
    hidden = veils.hidden(subject, register.activities)
    opener = _Opener(subject, register, hidden)
    values: Values = defaultdict(list)
    for number, row, plain, sealed, events in rows:
        if number == ARCHIVE:
            _archived(values, flat(plain), events[0], opener, register)
        else:
            _held(values, compiled.parts[number], row, plain, sealed, events, opener)
    activities = tuple(_by_activity(register, values, hidden))
    return Access(subject, now, register.version, activities, opener.unreadable)


class _Opener:
    """Opens sealed values of one person; their keys come in one statement, on first need.

    hidden: activities that are closed to whoever reads: their values stay sealed.
    """

    def __init__(self, subject: UUID, register: Register, hidden: frozenset[str]) -> None:
        self.pairs = [(subject, activity) for activity in register.activities]
        self.hidden = hidden
        self.subject = subject
        self.unreadable = 0
        self._keys: Mapping[Any, Any] | None = None

    def open(self, field: SealedField[Any], row: Any, sealed: bytes) -> Any:
        """The value; None where its key was destroyed, "" where it is hidden."""
        if field.activity in self.hidden:
            return ""
        if self._keys is None:
            self._keys = keystore.keys_for(self.pairs) if keystore.available() else {}
        key = self._keys.get((self.subject, field.activity))
        if key is None:
            self.unreadable += 1
            return None
        return field.decode(field.unseal(bytes(sealed), row=row, key=key))


def _held(
    values: Values, part: Part, row: str, plain: Any, sealed: Any, events: Any, opener: _Opener
) -> None:
    model = part.plan.entry.model
    untils = _untils(part, events)
    for (item, dated, place), value in zip(part.plain_reads, flat(plain), strict=True):
        if value is not None:
            read = value if dated is None else dated.to_python(value)
            values[item].append(_value(part, item, read, row, model, untils[place]))
    key = part.key(row) if part.key else row
    for (item, field, place), value in zip(part.sealed_reads, sealed, strict=True):
        if value is not None:
            found = opener.open(field, key, value)
            if found is not None:
                values[item].append(_value(part, item, found, row, model, untils[place]))


def _value(part: Part, item: str, value: Any, row: str, model: str, until: datetime | None) -> HeldValue:
    if item in part.withheld:
        return HeldValue(None, row, model, until, withheld=True)
    return HeldValue(value, row, model, until)


def as_read(field: AnyField | None, value: Any) -> Any:
    """A JSON value as the column's own: dates and moments; everything else stays as it is."""
    return field.to_python(value) if isinstance(field, models.DateField) else value


def _untils(part: Part, events: list[datetime | None]) -> list[datetime | None]:
    """When the columns of a row go: the first of their periods to end, but none of a law's before its own."""
    ends = [
        None if moment is None else due.after.add_to(moment)
        for due, moment in zip(part.dues, events, strict=True)
    ]
    untils = []
    for erase, law in part.timetables:
        first = min((end for place in erase if (end := ends[place]) is not None), default=None)
        duties = [ends[place] for place in law]
        waits = first is None or None in duties
        untils.append(None if waits else max(end for end in (first, *duties) if end is not None))
    return untils


def _archived(
    values: Values, fields: list[Any], event_at: datetime | None, opener: _Opener, register: Register
) -> None:
    model, row, activity, event, kept, _ = fields
    try:
        source = apps.get_model(model)
    except LookupError:
        return
    entry = declared().of(source)
    rules = register.activities[activity].retention if activity in register.activities else ()
    for name, value in kept.items():
        field, key = field_of(source, name), entry.item_keys.get(name) if entry else None
        if value is None or key is None:
            continue
        found = as_read(field, value)
        if isinstance(field, SealedField):
            found = opener.open(field, row, bytes.fromhex(value.removeprefix("\\x")))
            if found is None:
                continue
        item = key.split(".")[1]
        rule = next(
            (one for one in rules if one.event == event and (not one.items or item in one.items)), None
        )
        until = rule.after.add_to(event_at) if rule and event_at else None
        if register.items[key].withheld:
            found = None
        held = HeldValue(found, row, source._meta.label, until, archived=True)
        values[key].append(held._replace(withheld=register.items[key].withheld))


def _by_activity(register: Register, values: Values, hidden: frozenset[str]) -> Iterator[HeldActivity]:
    for activity in register.activities.values():
        closed = activity.id in hidden
        items = tuple(
            HeldItem(item, _shown(values[item.key], closed=closed), activity.rules_for(item.id))
            for item in activity.items
            if item.key in values
        )
        if items:
            yield HeldActivity(activity, register.recipients_of(activity), items, closed)


def _shown(values: list[HeldValue], *, closed: bool) -> tuple[HeldValue, ...]:
    if not closed:
        return tuple(values)
    return tuple(one._replace(value=None, withheld=True) for one in values)


def plain_value(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value
