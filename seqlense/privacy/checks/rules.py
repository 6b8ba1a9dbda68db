"""Checks: what the register promises of time, and of deletion, can be kept by the tables as they are."""

from collections.abc import Iterator

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models

from seqlense.privacy.checks.columns import installed
from seqlense.privacy.governance import AnyField, Declared, Governed, column
from seqlense.privacy.governance.rules import Plan, plan
from seqlense.privacy.governance.whom_sql import clearing
from seqlense.register import Register

BY_DATABASE = (models.DB_CASCADE, models.DB_SET_NULL, models.DB_SET_DEFAULT)
BY_KERNEL = (models.CASCADE, models.SET_NULL)
"""What Django would do row by row, the kernel does for a whole set, in the same statement."""


def rules(declared: Declared, register: Register) -> Iterator[CheckMessage]:
    """All findings about retention, indexes and foreign keys."""
    yield from _unheard(declared, register)
    for entry in declared.governed:
        model = installed(entry)
        if model is None or entry.activity not in register.activities:
            continue
        yield from _events(entry, model, register)
        yield from _indexes(entry, model)
        met = plan(entry, register)
        yield from _endless(met, model)
        yield from _not_clearable(met, model)
        yield from _torn_off(declared, met, model)
    for model in apps.get_models(include_auto_created=True):
        yield from _blocking(declared, model)


def _unheard(declared: Declared, register: Register) -> Iterator[CheckMessage]:
    """A rule whose event no table can tell."""
    for activity in register.active:
        entries = declared.in_activity(activity.id)
        emitted = {event for entry in entries for event in entry.events}
        deleted_at = {event for entry in entries for event in entry.at_once}
        for rule in activity.retention:
            reached = [item for item in activity.items if not rule.items or item.id in rule.items]
            stored = any(item.storage in ("database", "files") for item in reached)
            known = emitted | deleted_at if str(rule.after) == "P0D" else emitted
            if stored and rule.event not in known:
                hint = "Name its date column in events= of a model of the activity (for P0D: or at_once=)."
                message = f"Nothing emits {rule.event!r}, from which {activity.id} counts {rule.after}."
                yield Error(message, hint=hint, id="privacy.E011")


def _events(entry: Governed, model: type[models.Model], register: Register) -> Iterator[CheckMessage]:
    """Events are moments or days, and some rule counts from them."""
    touched = {entry.activity, *(key.split(".")[0] for key in entry.item_keys.values())} & set(
        register.activities
    )
    awaited = {rule.event for one in touched for rule in register.activities[one].retention}
    for event, name in entry.events.items():
        field = column(model, name)
        if field is not None and not isinstance(field, models.DateField):
            hint = "Use a DateTimeField or DateField."
            yield Error(f"{entry.model}.{name} is no date.", hint=hint, obj=model, id="privacy.E014")
        if event not in awaited:
            hint = f"Its activities count from: {', '.join(sorted(awaited)) or 'nothing'}."
            yield Error(f"{entry.model}: no rule awaits {event!r}.", hint=hint, obj=model, id="privacy.E013")


def _indexes(entry: Governed, model: type[models.Model]) -> Iterator[CheckMessage]:
    """Access and erasure find rows by subject, the sweep by date: both by index."""
    wanted = {*entry.events.values()} | (set() if entry.nobody else {entry.subject.split("__")[0]})
    for name in sorted(wanted):
        field = column(model, name)
        if field is not None and field.name not in entry.unindexed and not _is_indexed(model, field):
            hint = f"Give it db_index=True, or Meta.indexes = [models.Index(fields=[{field.name!r}], ...)]."
            yield Error(f"{entry.model}.{field.name} has no index.", hint=hint, obj=model, id="privacy.E015")


def _is_indexed(model: type[models.Model], field: AnyField) -> bool:
    if getattr(field, "db_index", False) or field.unique or field.primary_key:
        return True
    leading = [index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields]
    leading += [
        one.fields[0]
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and one.fields
    ]
    leading += [together[0] for together in model._meta.unique_together]
    return field.name in leading


def _endless(met: Plan, model: type[models.Model]) -> Iterator[CheckMessage]:
    """A column that no rule ever reaches."""
    for one in met.columns:
        if not one.erase:
            hint = "Add the event's date column to events=, or follows= the row with which this one goes."
            message = f"{met.entry.model}.{one.field} ({one.item}) would be kept for ever."
            yield Error(message, hint=hint, obj=model, id="privacy.E012")


def _not_clearable(met: Plan, model: type[models.Model]) -> Iterator[CheckMessage]:
    """Columns that go before the rest of their row must be able to be empty."""
    free = met.kept_together.get(None, ()) if any(one.law for one in met.columns) else ()
    for one in dict.fromkeys([*free, *(one for group in met.apart for one in group)]):
        field = column(model, one.field)
        if field is not None and clearing(field) is None:
            hint = "Give it null=True: it goes at another date than the rest of its row."
            yield Error(
                f"{met.entry.model}.{one.field} can't be cleared.", hint=hint, obj=model, id="privacy.E018"
            )


def _torn_off(declared: Declared, met: Plan, model: type[models.Model]) -> Iterator[CheckMessage]:
    """A row that a law keeps must not vanish with another governed row."""
    if not any(one.law for one in met.columns):
        return
    for field in model._meta.local_concrete_fields:
        related = getattr(field, "related_model", None)
        if (
            related is None
            or declared.of(related) is None
            or met.entry.follows in (field.name, field.attname)
        ):
            continue
        if _on_delete(field) in (models.DB_CASCADE, models.CASCADE):
            hint = "Make it nullable with DB_SET_NULL, or name it in follows=."
            message = f"{met.entry.model}.{field.name} would delete rows that a law keeps."
            yield Error(message, hint=hint, obj=model, id="privacy.E019")


def _blocking(declared: Declared, model: type[models.Model]) -> Iterator[CheckMessage]:
    """Foreign keys to governed rows that would stop their deletion."""
    for field in model._meta.local_concrete_fields:
        related = getattr(field, "related_model", None)
        if related is None or declared.of(related) is None or not getattr(field, "db_constraint", True):
            continue
        if _on_delete(field) not in (*BY_DATABASE, *BY_KERNEL):
            hint = "Use on_delete=models.DB_CASCADE, or models.DB_SET_NULL with null=True."
            message = f"{model._meta.label}.{field.name} blocks the deletion of {related._meta.label}."
            yield Error(message, hint=hint, obj=model, id="privacy.E017")


def _on_delete(field: AnyField) -> object:
    return getattr(field.remote_field, "on_delete", None)
