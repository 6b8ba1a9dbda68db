"""What a feature is, and finding those of the installed apps."""

import functools
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Final
from uuid import UUID

from django.apps import apps
from django.core.signals import setting_changed
from django.utils.functional import Promise

from seqlense.privacy import running

type Values = Mapping[UUID, frozenset[str]]
"""Person → the classes that they fall into."""
type Words = Mapping[str, str | Promise]

MODULE: Final = "features"


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A characteristic of people, in classes.

    id: "room.name". item: the data item it derives from, "accounts.language". label: the question in words.
    values: code of each class → its words, asked when they are shown. of: the classes of these people (None:
    of everybody) at that moment, in a number of statements that doesn't grow with them; whom it leaves out
    falls into `otherwise`, or none. several: whether somebody can fall into more than one class.
    """

    id: str
    item: str
    label: str | Promise
    values: Callable[[], Words]
    of: Callable[[Collection[UUID] | None, datetime], Values]
    otherwise: str = ""
    several: bool = False

    def __post_init__(self) -> None:
        if self.id.count(".") != 1 or self.item.count(".") != 1:
            raise ValueError(f"Feature(id={self.id!r}, item={self.item!r}): write both as 'room.name'.")

    @property
    def activity(self) -> str:
        """Whose data it reads."""
        return self.item.split(".")[0]

    def said(self, codes: Collection[str]) -> list[str]:
        """Classes in words, in the feature's own order; a code that it no longer knows is left out."""
        return [str(words) for code, words in self.values().items() if code in codes]


@functools.cache
def declared() -> Mapping[str, Feature]:
    """Every feature of the installed apps, by id, in their order."""
    return {one.id: one for app in apps.get_app_configs() for one in _of_app(app.name)}


def _of_app(name: str) -> Collection[Feature]:
    path = f"{name}.{MODULE}"
    if path == __package__ or find_spec(path) is None:
        return ()
    return tuple(import_module(path).FEATURES)


def offered(activity: str) -> Mapping[str, Feature]:
    """Those that a running activity may read, by the register."""
    found = running.register().activities.get(activity)
    if found is None or not found.active:
        return {}
    return {key: one for key, one in declared().items() if found.reads(one.item)}


def activities_of(activity: str, features: Iterable[str]) -> frozenset[str]:
    """The activity itself and those whose data it would read: limited in one of them is not read at all."""
    known = offered(activity)
    return frozenset({activity, *(known[key].activity for key in features if key in known)})


def _forget(*, setting: str, **_: object) -> None:
    if setting == "INSTALLED_APPS":
        declared.cache_clear()


setting_changed.connect(_forget)
