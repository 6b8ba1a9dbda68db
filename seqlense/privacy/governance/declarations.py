"""Which column holds which data item: the one place where models meet the register.

Each installed app says so in its `governance.py`, as `GOVERNANCE = Governance(...)`. Everything the kernel
does (checks, access, erasure, retention, the keys of sealed columns) is compiled from these declarations.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps
from django.core.exceptions import FieldDoesNotExist
from django.core.signals import setting_changed
from django.db import models

type AnyField = models.Field[Any, Any]
"""A model field, whatever it holds."""


SUBJECT = "privacy.subject"


@dataclass(frozen=True, kw_only=True)
class Governed:
    """One model whose rows are about people.

    model: its label, "accounts.Account".
    activity: id of the activity that its rows belong to.
    subject: the column naming whom a row is about: a key to `privacy.Subject`, or to the project's own people
        ("user", or "id" on "auth.User" itself); "order__user" where the row that it belongs to says so.
    items: field → data item, "email" or, for an item of another activity, "marketing.interests".
    events: retention event of the register → the date column that says when it happened to a row.
    impersonal: field → why it says nothing about a person.
    at_once: event of a period P0D → how live code deletes the row then, in words; no date column tells of it.
    unindexed: column by which rows are looked up without an index → why that will do.
    follows: foreign key to the governed row with which this one goes, where it has no events of its own.
    nobody: why its rows are about no person, in words, for totals that the register ends like the rest; such
        a table has no `subject`, and nothing of it is sealed, handed out or erased.
    """

    model: str
    activity: str
    subject: str = "subject_id"
    items: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    impersonal: Mapping[str, str] = field(default_factory=dict)
    at_once: Mapping[str, str] = field(default_factory=dict)
    unindexed: Mapping[str, str] = field(default_factory=dict)
    follows: str | None = None
    nobody: str = ""

    def __post_init__(self) -> None:
        if self.model.count(".") != 1:
            raise ValueError(f"Governed(model={self.model!r}): write it as 'app_label.ModelName'.")
        both = sorted(set(self.items) & set(self.impersonal))
        if both:
            raise ValueError(f"{self.model}: {', '.join(both)} can't be a data item and impersonal at once.")

    @property
    def label(self) -> str:
        """The model's label in lower case, as Django keeps it."""
        return self.model.lower()

    @property
    def item_keys(self) -> dict[str, str]:
        """Field → full key of its item, "accounts.email"."""
        return {name: key if "." in key else f"{self.activity}.{key}" for name, key in self.items.items()}

    @functools.cached_property
    def person(self) -> str | None:
        """Label of the project's own people, where `subject` leads to them; None where it names a subject."""
        model: type[models.Model] = self.model_class()
        *way, last = self.subject.split("__")
        for step in way:
            found = column(model, step)
            model = getattr(found, "related_model", None) or model
        found = column(model, last)
        if found is None or (found.primary_key and found.related_model is None):
            return model._meta.label_lower
        related = found.related_model
        return None if related is None or related._meta.label_lower == SUBJECT else related._meta.label_lower

    def model_class(self) -> type[models.Model]:
        """The model itself; LookupError where it isn't installed."""
        return apps.get_model(self.model)


@dataclass(frozen=True, kw_only=True)
class Impersonal:
    """A model ("contenttypes.ContentType"), or all of an app ("contenttypes.*"), without personal data."""

    model: str
    reason: str

    def __post_init__(self) -> None:
        if self.model.count(".") != 1 or not self.reason.strip():
            raise ValueError(f"Impersonal(model={self.model!r}) needs 'app_label.ModelName' and a reason.")

    def covers(self, model: type[models.Model]) -> bool:
        """Whether this declaration speaks of that model."""
        app_label, name = self.model.lower().split(".")
        return app_label == model._meta.app_label.lower() and name in ("*", model._meta.model_name)


@dataclass(frozen=True, kw_only=True)
class Governance:
    """What one app declares.

    governed, impersonal: its models (or another app's, where that one ships no declaration).
    tasks: name of a background task → id of the activity it works for, or "" where it touches no person.
    files: data item whose `storage` is files → the file store that holds it, in words.
    evidence: kinds of its acts that an authority may see opened, with opaque ids: erasures, consents.
    hands_out: dotted path of a function that gives all files of a person (`access.files.FilesOf`), where the
        app is a file store; "" where it is none.
    """

    governed: Sequence[Governed] = ()
    impersonal: Sequence[Impersonal] = ()
    tasks: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    evidence: Sequence[str] = ()
    hands_out: str = ""


@dataclass(frozen=True)
class Declared:
    """All declarations of the installed apps, with the tables to look things up in."""

    sources: tuple[tuple[str, Governance], ...]

    @functools.cached_property
    def governed(self) -> tuple[Governed, ...]:
        """Every governed model, in the order of INSTALLED_APPS."""
        return tuple(entry for _, governance in self.sources for entry in governance.governed)

    @functools.cached_property
    def impersonal(self) -> tuple[Impersonal, ...]:
        """Every impersonal model or app."""
        return tuple(entry for _, governance in self.sources for entry in governance.impersonal)

    @functools.cached_property
    def tasks(self) -> dict[str, str]:
        """Task name → activity id, or "" where it touches no person."""
        return {name: activity for _, one in self.sources for name, activity in one.tasks.items()}

    @functools.cached_property
    def files(self) -> dict[str, str]:
        """Key of an item kept in files → the store that holds it."""
        return {key: store for _, one in self.sources for key, store in one.files.items()}

    @functools.cached_property
    def evidence(self) -> tuple[str, ...]:
        """Kinds of acts that a bundle of evidence opens."""
        return tuple(dict.fromkeys(kind for _, one in self.sources for kind in one.evidence))

    @functools.cached_property
    def file_stores(self) -> tuple[str, ...]:
        """Dotted paths of the functions that give a person's files."""
        return tuple(one.hands_out for _, one in self.sources if one.hands_out)

    @functools.cached_property
    def by_label(self) -> dict[str, Governed]:
        """Lower-case model label → its declaration (the first, if it has several: the checks say so)."""
        found: dict[str, Governed] = {}
        for entry in self.governed:
            found.setdefault(entry.label, entry)
        return found

    def of(self, model: type[models.Model]) -> Governed | None:
        """The declaration of a model, or None where its rows aren't governed."""
        return self.by_label.get(model._meta.label_lower)

    def impersonal_for(self, model: type[models.Model]) -> Impersonal | None:
        """The declaration that a model holds nothing personal, or None."""
        return next((entry for entry in self.impersonal if entry.covers(model)), None)

    def in_activity(self, activity: str) -> tuple[Governed, ...]:
        """Governed models with at least one column of that activity, its own rows first."""
        touching = [
            entry
            for entry in self.governed
            if entry.activity == activity
            or any(key.split(".")[0] == activity for key in entry.item_keys.values())
        ]
        return tuple(sorted(touching, key=lambda entry: entry.activity != activity))

    def columns_of(self, item: str) -> Iterator[tuple[Governed, str]]:
        """Where an item ("accounts.email") is stored: pairs of declaration and field name."""
        for entry in self.governed:
            for name, key in entry.item_keys.items():
                if key == item:
                    yield entry, name


class NotGoverned(LookupError):
    """A model or field that no `governance.py` maps to an activity."""

    code = "not-governed"


@functools.cache
def declared() -> Declared:
    """The declarations of every installed app; read once."""
    from seqlense.privacy.governance.contrib import CONTRIB

    return Declared(tuple(_declarations(CONTRIB)))


def _declarations(contrib: Mapping[str, Governance]) -> Iterator[tuple[str, Governance]]:
    """Each installed app's own declaration; Django's and procrastinate's from the shipped ones.

    A project's own declaration of a third party's model wins over the shipped one.
    """
    own = [(config.name, found) for config in apps.get_app_configs() if (found := _own_declaration(config))]
    yield from own
    spoken_for = {entry.model.lower() for _, one in own for entry in one.governed}
    spoken_for |= {entry.model.lower() for _, one in own for entry in one.impersonal}
    for config in apps.get_app_configs():
        if config.name in contrib and config.name not in {name for name, _ in own}:
            shipped = contrib[config.name]
            yield (
                config.name,
                Governance(
                    governed=[one for one in shipped.governed if one.label not in spoken_for],
                    impersonal=[one for one in shipped.impersonal if one.model.lower() not in spoken_for],
                    tasks=shipped.tasks,
                    files=shipped.files,
                ),
            )


def _own_declaration(config: AppConfig) -> Governance | None:
    name = f"{config.name}.governance"
    if name == __package__:
        from seqlense.privacy.governance.own import GOVERNANCE

        return GOVERNANCE
    if find_spec(name) is None:
        return None
    declaration = getattr(import_module(name), "GOVERNANCE", None)
    if not isinstance(declaration, Governance):
        raise TypeError(f"{name} must assign GOVERNANCE = Governance(...).")
    return declaration


def activity_of(model: type[models.Model], field_name: str) -> str:
    """Id of the activity whose key seals a field. Raises NotGoverned, naming model and field."""
    entry = declared().of(model)
    key = entry.item_keys.get(field_name) if entry else None
    if key is None:
        raise NotGoverned(
            f"{model._meta.label}.{field_name} is mapped to no data item: add it to governance.py."
        )
    return key.split(".")[0]


def column(model: type[models.Model], name: str) -> "AnyField | None":
    """A model's field by its name or its attribute's ("subject" or "subject_id"); None if it has none."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        matches = [one for one in model._meta.concrete_fields if one.attname == name]
        return matches[0] if matches else None
    return found if isinstance(found, models.Field) and found.concrete else None


def _forget(*, setting: str, **_: object) -> None:
    if setting == "INSTALLED_APPS":
        declared.cache_clear()


setting_changed.connect(_forget)
