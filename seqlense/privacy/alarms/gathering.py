"""Asks every part for its alarms; no list of parts is kept."""

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

import seqlense.privacy
from seqlense.privacy.alarms import Alarm, own
from seqlense.privacy.errors import PrivacyError

type Part = Callable[[datetime], Iterable[Alarm]]
MODULE = "alarms"


def gathered(now: datetime) -> list[Alarm]:
    """By part, as the parts are called; within one as it says them."""
    return [alarm for name, part in parts().items() for alarm in _asked(name, part, now)]


@cache
def parts() -> dict[str, Part]:
    """Name of each part that can raise an alarm → the function that says its alarms."""
    return {"kernel": own.alarms, **dict(sorted([*_of_the_kernel(), *_of_rooms()]))}


def _of_the_kernel() -> Iterator[tuple[str, Part]]:
    for module in pkgutil.iter_modules(seqlense.privacy.__path__):
        name = f"{seqlense.privacy.__name__}.{module.name}"
        if not module.ispkg or name == __package__ or module.name == "migrations":
            continue
        part = getattr(import_module(name), MODULE, None)
        if callable(part):
            yield module.name, part


def _of_rooms() -> Iterator[tuple[str, Part]]:
    for app in apps.get_app_configs():
        name = f"{app.name}.{MODULE}"
        if name != __package__ and find_spec(name) is not None:
            yield app.label, import_module(name).alarms


def _asked(name: str, part: Part, now: datetime) -> list[Alarm]:
    try:
        return list(part(now))
    except (PrivacyError, OSError, ValueError, LookupError) as fault:
        # one part that is broken hides none of the others
        return [Alarm("alarms.unknown", None, f"{name}: {getattr(fault, 'code', type(fault).__name__)}")]
