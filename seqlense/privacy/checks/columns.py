"""Checks: every column is a data item or impersonal, every data item has its column."""

from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models

from seqlense.privacy.governance import AnyField, Declared, Governed, column
from seqlense.privacy.sealed import SealedField
from seqlense.register import DataItem, Register


def columns(declared: Declared, register: Register) -> Iterator[CheckMessage]:
    """All findings about models, columns and items."""
    yield from _declarations(declared)
    for model in apps.get_models(include_auto_created=True):
        yield from _model(declared, model)
    for entry in declared.governed:
        yield from _known(entry, register)
    yield from _stored(declared, register)


def installed(entry: Governed) -> type[models.Model] | None:
    """The model of a declaration, or None where no such model is installed."""
    try:
        return entry.model_class()
    except LookupError:
        return None


def _declarations(declared: Declared) -> Iterator[CheckMessage]:
    """Each declaration names something that exists, once."""
    for source, governance in declared.sources:
        for entry in governance.governed:
            if (model := installed(entry)) is None:
                hint = "Write 'app_label.ModelName' of an installed app, or remove the declaration."
                yield Error(f"{source}: no model {entry.model!r}.", hint=hint, id="privacy.E003")
                continue
            named = {*entry.items, *entry.impersonal, *entry.events.values()}
            if not entry.nobody:
                named.add(entry.subject.split("__")[0])
            for name in sorted(named | ({entry.follows} if entry.follows else set())):
                if column(model, name) is None:
                    hint = f"Its columns: {', '.join(one.name for one in model._meta.concrete_fields)}."
                    yield Error(
                        f"{entry.model} has no column {name!r}.", hint=hint, obj=model, id="privacy.E004"
                    )
        for claim in governance.impersonal:
            if not any(claim.covers(model) for model in apps.get_models(include_auto_created=True)):
                hint = "Remove the declaration, or correct the name."
                yield Error(f"{source}: no model {claim.model!r}.", hint=hint, id="privacy.E003")
    for label, times in Counter(entry.label for entry in declared.governed).items():
        if times > 1:
            yield Error(
                f"{label} is governed {times} times.", hint="Keep one declaration.", id="privacy.E006"
            )


def _model(declared: Declared, model: type[models.Model]) -> Iterator[CheckMessage]:
    """One installed model: its columns are spoken for."""
    if model._meta.proxy or model._meta.swapped:
        return
    entry, claim = declared.of(model), declared.impersonal_for(model)
    if entry is not None and claim is not None:
        hint = f"Remove it from one list; the reason given is: {claim.reason}"
        yield Error(
            f"{model._meta.label} is governed and impersonal.", hint=hint, obj=model, id="privacy.E006"
        )
    elif entry is not None:
        yield from _undeclared(declared, entry, model)
    elif claim is None and not _only_links(declared, model):
        names = ", ".join(one.name for one in model._meta.local_concrete_fields)
        hint = f"In {model._meta.app_label}'s governance.py, as Governed or Impersonal (columns: {names})."
        yield Error(f"{model._meta.label} is not declared.", hint=hint, obj=model, id="privacy.E002")


def _undeclared(declared: Declared, entry: Governed, model: type[models.Model]) -> Iterator[CheckMessage]:
    for field in model._meta.local_concrete_fields:
        named = {field.name, field.attname} & {*entry.items, *entry.impersonal}
        if not named and not _is_link(declared, field) and not _is_subject(entry, field):
            hint = f"In Governed({entry.model!r}): items= (the data item it holds) or impersonal= (why not)."
            yield Error(
                f"{model._meta.label}.{field.name} is unmapped.", hint=hint, obj=model, id="privacy.E001"
            )


def _is_subject(entry: Governed, field: AnyField) -> bool:
    return entry.subject in (field.name, field.attname)


def _is_link(declared: Declared, field: AnyField) -> bool:
    """Links by rule: primary keys, and keys to a subject or to a governed row."""
    related = getattr(field, "related_model", None)
    if field.primary_key:
        return related is None or _is_about_people(declared, related)
    return related is not None and _is_about_people(declared, related)


def _is_about_people(declared: Declared, model: type[models.Model]) -> bool:
    return model._meta.label_lower == "privacy.subject" or declared.of(model) is not None


def _only_links(declared: Declared, model: type[models.Model]) -> bool:
    """A table made by a many-to-many field: two keys to declared models and nothing else."""
    if not model._meta.auto_created:
        return False
    related = [
        getattr(one, "related_model", None)
        for one in model._meta.local_concrete_fields
        if not one.primary_key
    ]
    return all(
        one is not None and (_is_about_people(declared, one) or declared.impersonal_for(one) is not None)
        for one in related
    )


def _known(entry: Governed, register: Register) -> Iterator[CheckMessage]:
    """The activity and items that a declaration names exist, run, and are protected as the register says."""
    model = installed(entry)
    if model is None:
        return
    if entry.activity not in register.activities:
        hint = f"Known activities: {', '.join(register.activities)}."
        yield Error(
            f"{entry.model}: no activity {entry.activity!r}.", hint=hint, obj=model, id="privacy.E005"
        )
    for name, key in entry.item_keys.items():
        if key not in register.items:
            hint = f"Declare it in register/{key.split('.')[0]}.yaml, or correct governance.py."
            yield Error(f"{entry.model}.{name}: no item {key!r}.", hint=hint, obj=model, id="privacy.E005")
        elif (field := column(model, name)) is not None:
            yield from _protected(entry, field, register.items[key])
    touched = {entry.activity, *(key.split(".")[0] for key in entry.item_keys.values())}
    for activity in sorted(touched & {one.id for one in register.inactive}):
        hint = "Set its status to active, or remove the columns and their declaration."
        yield Error(
            f"{entry.model} serves inactive activity {activity!r}.", hint=hint, obj=model, id="privacy.E010"
        )


def is_sealed(field: AnyField) -> bool:
    """Whether a field keeps ciphertext only."""
    return isinstance(field, SealedField)


def _protected(entry: Governed, field: AnyField, item: DataItem) -> Iterator[CheckMessage]:
    where = f"{entry.model}.{field.name}"
    if item.protection == "sealed" and not is_sealed(field):
        hint = "Use a field of seqlense.privacy.sealed, or declare `protection: plain` with its reason."
        yield Error(f"{where} holds {item.key}, which must be sealed.", hint=hint, id="privacy.E007")
    elif entry.nobody and is_sealed(field):
        hint = "Rows about nobody have no key: keep totals in a plain column."
        yield Error(f"{where} is sealed, and {entry.model} is about nobody.", hint=hint, id="privacy.E007")
    elif item.protection != "sealed" and is_sealed(field):
        hint = f"The register says {item.protection.value}: correct it there, or use a plain column."
        yield Error(f"{where} seals {item.key}, against the register.", hint=hint, id="privacy.E008")


def _stored(declared: Declared, register: Register) -> Iterator[CheckMessage]:
    """Each item of a running activity is somewhere: a column, a file store, a recipient."""
    for activity in register.active:
        for item in activity.items:
            behind = {
                "database": any(True for _ in declared.columns_of(item.key)),
                "files": item.key in declared.files,
                "recipient": bool(item.held_by or activity.recipients),
            }.get(item.storage.value, True)
            if not behind:
                hint = (
                    f"Map a column to it in a governance.py, or correct its `storage` ({item.storage.value})."
                )
                yield Error(f"Nothing holds the item {item.key}.", hint=hint, id="privacy.E009")
