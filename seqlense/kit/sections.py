"""Sections of a front door, and the places they lead to, found by themselves."""

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


@dataclass(frozen=True, kw_only=True)
class Place:
    """An entry of a door's navigation; a section's `urls` module lists its own as `PLACES`.

    label: words, or something that becomes words when read. group: the heading it stands under, by its key.
    """

    url_name: str
    label: object
    icon: str
    group: str = ""


def modules(package: ModuleType, name: str) -> Iterator[ModuleType]:
    """The module of that name of each package inside `package` that has one, in alphabetical order."""
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        path = f"{package.__name__}.{found.name}.{name}"
        if found.ispkg and find_spec(path) is not None:
            yield import_module(path)


def places(package: ModuleType) -> Iterator[Place]:
    """The places of all sections of a door."""
    for module in modules(package, "urls"):
        yield from getattr(module, "PLACES", ())
