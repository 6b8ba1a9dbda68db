"""Rows for any governed model, made from its fields alone: a new model is tested without a line here."""

import itertools
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection, models

from seqlense.privacy import reach, subjects
from seqlense.privacy.governance import Governed, declared
from seqlense.privacy.governance.rules import plans
from seqlense.privacy.sealed import SealedDateField, SealedEmailField, SealedField, SealedJSONField

_numbers = itertools.count(1)
LATER = timedelta(days=366 * 60)
"""Where dates lie that a test says nothing of: beyond every period."""


def make(entry: Governed, subject: UUID, *, now: datetime, events: Mapping[str, datetime]) -> models.Model:
    """A saved row about that person, with the rows that it needs; of its dates only `events` have come."""
    with reach.maintenance():
        return _make(entry.model_class(), subject, now, events)


def _make(
    model: type[models.Model],
    subject: UUID,
    now: datetime,
    events: Mapping[str, datetime],
    given: Mapping[str, Any] | None = None,
) -> models.Model:
    entry = declared().of(model)
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key and field.related_model is None:
            continue
        values[field.attname] = _value(entry, field, subject, now, events)
    values.update(given or {})
    _companions(model, values, subject, now)
    row = model(**values)
    row.save(force_insert=True)
    return row


def _companions(model: type[models.Model], values: dict[str, Any], subject: UUID, now: datetime) -> None:
    """Rows that foreign keys of several columns ask for: the database alone knows of these."""
    with connection.cursor() as cursor:
        cursor.execute(COMPOSITE, [model._meta.db_table])
        wanted = cursor.fetchall()
    for table, own, theirs in wanted:
        other = next(one for one in apps.get_models() if one._meta.db_table == table)
        given = {there: values[here] for here, there in zip(own, theirs, strict=True)}
        if None not in given.values() and not other._default_manager.filter(**given).exists():
            _make(other, subject, now, {}, given)


COMPOSITE = """
select c.confrelid::regclass::text,
    array(select a.attname::text from unnest(c.conkey) with ordinality k(n, i)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i),
    array(select a.attname::text from unnest(c.confkey) with ordinality k(n, i)
        join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by k.i)
from pg_constraint c
where c.contype = 'f' and c.conrelid = %s::regclass and array_length(c.conkey, 1) > 1
"""


def _value(
    entry: Governed | None, field: Any, subject: UUID, now: datetime, events: Mapping[str, datetime]
) -> Any:
    wanted = {name: events[event] for event, name in entry.events.items() if event in events} if entry else {}
    if field.name in wanted:
        return wanted[field.name]
    if entry and field.name in entry.events.values():
        return None if field.null else now + LATER
    if field.related_model is not None:
        return _related(entry, field, subject, now, events)
    return plain_value(field, now)


def _related(
    entry: Governed | None, field: Any, subject: UUID, now: datetime, events: Mapping[str, datetime]
) -> Any:
    if field.related_model._meta.label == "privacy.Subject":
        return subject
    if field.null and (entry is None or entry.follows not in (field.name, field.attname)):
        return None
    return _make(field.related_model, subject, now, events).pk


def plain_value(field: Any, now: datetime) -> Any:
    """Some value of a field's kind, like no other where text allows it."""
    number = next(_numbers)
    if isinstance(field, SealedField):
        return _sealed_value(field, number, now)
    if field.choices:
        return list(field.flatchoices)[-1][0]
    if isinstance(field, models.CharField | models.TextField):
        return f"x{number}"[: field.max_length or 80]
    if isinstance(field, models.DateTimeField):
        return now
    simple: dict[Any, Any] = {
        models.DateField: now.date(),
        models.BooleanField: False,
        models.UUIDField: uuid4(),
        models.JSONField: [],
        models.BinaryField: uuid4().bytes * 2,
        models.IntegerField: number % 30_000,
    }
    return next((value for kind, value in simple.items() if isinstance(field, kind)), None)


def _sealed_value(field: Any, number: int, now: datetime) -> Any:
    if isinstance(field, SealedEmailField):
        return f"somebody-{number}@example.org"
    if isinstance(field, SealedDateField):
        return date(1980, 1, 1) + timedelta(days=number)
    if isinstance(field, SealedJSONField):
        return {"marker": number}
    return f"marker {number}"


def person(*, now: datetime) -> UUID:
    """A new person."""
    return subjects.create(now=now)


def governed() -> list[Governed]:
    """Every governed model of a running activity, as the kernel itself sees them; totals aside."""
    return [plan.entry for plan in plans() if plan.about_people]
