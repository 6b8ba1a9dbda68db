"""Read all about a person: one statement, one look into the keystore, then decryption."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from seqlense.privacy import keystore, reach, running
from seqlense.privacy.access.held import Access, HeldActivity, HeldItem, HeldValue
from seqlense.privacy.access.reading_sql import ARCHIVE, Part, flat, reading
from seqlense.privacy.governance import AnyField, declared
from seqlense.privacy.governance import column as field_of
from seqlense.privacy.governance.rules import Column, Due
from seqlense.privacy.sealed import SealedField
from seqlense.register import Register

type Values = dict[str, list[HeldValue]]
type Row = tuple[int, str, Any, list[Any], list[datetime | None]]


def everything(subject: UUID, *, now: datetime) -> Access:
    """All that is held about a person, by activity. Writes nothing. One statement, however many rows."""
    compiled, register = reading(), running.register()
    with transaction.atomic(), reach.maintenance(), connection.cursor() as cursor:
        cursor.execute(compiled.statement, {"subject": subject})
        rows: list[Row] = cursor.fetchall()
    opener = _Opener(subject, register)
    values: Values = defaultdict(list)
    for number, row, plain, sealed, events in rows:
        if number == ARCHIVE:
            _archived(values, flat(plain), events[0], opener, register)
        else:
            _held(values, compiled.parts[number], row, plain, sealed, events, opener)
    return Access(subject, now, register.version, tuple(_by_activity(register, values)), opener.unreadable)


class _Opener:
    """Opens sealed values of one person; their keys come in one statement, on first need."""

    def __init__(self, subject: UUID, register: Register) -> None:
        self.pairs = [(subject, activity) for activity in register.activities]
        self.subject = subject
        self.unreadable = 0
        self._keys: Mapping[Any, Any] | None = None

    def open(self, field: SealedField[Any], row: str, sealed: bytes) -> Any:
        """The value; None where its key was destroyed."""
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
    happened = dict(zip(part.dues, events, strict=True))
    until: dict[Column, datetime | None] = {}
    model = part.plan.entry.model
    for column, value in zip(part.plain, flat(plain), strict=True):
        if value is not None:
            field = part.fields[column]
            values[column.item].append(
                HeldValue(as_read(field, value), row, model, goes(column, happened, until))
            )
    for column, value in zip(part.sealed, sealed, strict=True):
        if value is not None:
            found = opener.open(part.sealed_fields[column], row, value)
            if found is not None:
                values[column.item].append(HeldValue(found, row, model, goes(column, happened, until)))


def as_read(field: AnyField | None, value: Any) -> Any:
    """A JSON value as the column's own: dates and moments; everything else stays as it is."""
    return field.to_python(value) if isinstance(field, models.DateField) else value


def goes(
    column: Column, happened: Mapping[Due, datetime | None], known: dict[Column, datetime | None]
) -> datetime | None:
    """When a column's value goes: the first of its periods to end, but none of a law's before its own."""
    if column not in known:
        ends = [end for due in column.erase if (end := _end(due, happened)) is not None]
        duties = [_end(due, happened) for due in column.law]
        first = min(ends, default=None)
        waits = any(end is None for end in duties)
        known[column] = None if first is None or waits else max([first, *(end for end in duties if end)])
    return known[column]


def _end(due: Due, happened: Mapping[Due, datetime | None]) -> datetime | None:
    moment = happened[due]
    return None if moment is None else due.after.add_to(moment)


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
        values[key].append(HeldValue(found, row, source._meta.label, until, archived=True))


def _by_activity(register: Register, values: Values) -> Iterator[HeldActivity]:
    for activity in register.activities.values():
        items = tuple(
            HeldItem(item, tuple(values[item.key]), activity.rules_for(item.id))
            for item in activity.items
            if item.key in values
        )
        if items:
            yield HeldActivity(activity, register.recipients_of(activity), items)


def plain_value(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value
