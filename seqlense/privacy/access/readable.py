"""Values as a person reads them: codes and ids in words, secrets by their nature only.

Each installed app says in its `readable.py` what the codes of its own items mean: `CODES` (item → code →
words), where a table of words won't do `NAMED` (item → how to say a value), and `TECHNICAL`: items of which
only dates are said, because whoever looks over a shoulder must learn no secret.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from seqlense.privacy import running
from seqlense.privacy.access.held import HeldItem
from seqlense.privacy.records import Hold, RightsRequest
from seqlense.privacy.switches import words as switching
from seqlense.register import Protection

type Words = Mapping[str, str | Promise]
type Saying = Callable[[str], str]

MODULE: Final = "readable"
RIGHTS: Final[Words] = {
    RightsRequest.Kind.ACCESS: _("Access and copy"),
    RightsRequest.Kind.RECTIFICATION: _("Rectification"),
    RightsRequest.Kind.ERASURE: _("Erasure"),
    RightsRequest.Kind.RESTRICTION: _("Restriction"),
    RightsRequest.Kind.PORTABILITY: _("Portability"),
    RightsRequest.Kind.OBJECTION: _("Objection"),
    RightsRequest.Kind.WITHDRAWAL: _("Withdrawal of consent"),
}
CHANNELS: Final[Words] = {
    "product": _("asked on these pages"),
    "email": _("asked by e-mail"),
    "post": _("asked by post"),
}
STAFF_ACTS: Final[Words] = {
    "console.file_read": _("The file was opened in the console"),
    "privacy.read": _("The data was read on the command line"),
    "privacy.limited_read": _("Data of limited use was opened"),
    "support.read": _("A request that you sent us was opened, to answer it"),
}
HOLDS: Final[Words] = {
    Hold.Reason.LITIGATION: _("kept because of a lawsuit"),
    Hold.Reason.AUTHORITY: _("kept because an authority demands it"),
    Hold.Reason.CLAIM: _("kept because of a claim"),
    Hold.Reason.INVESTIGATION: _("kept while an incident is investigated"),
    Hold.Reason.LIMITED: _("kept because the person limited its use and asked to keep it"),
}
OWN: Final[Mapping[str, Words]] = {
    "rights_requests.kind": {**RIGHTS, **CHANNELS, **switching.WRITERS},
    "rights_requests.switch": switching.CODES,
    "rights_requests.hold": HOLDS,
    "staff_acts.act": STAFF_ACTS,
}


def _activity(identifier: str) -> str:
    known = running.register().activities.get(identifier)
    return known.title.in_(get_language() or "fr") if known else identifier


@functools.cache
def _codes() -> Mapping[str, Words]:
    return {**OWN, **{key: words for module in _modules() for key, words in module.CODES.items()}}


@functools.cache
def _named() -> Mapping[str, Saying]:
    own: dict[str, Saying] = {"rights_requests.hold": _activity, "rights_requests.switch": _activity}
    return own | {
        key: saying for module in _modules() for key, saying in getattr(module, "NAMED", {}).items()
    }


@functools.cache
def _technical() -> frozenset[str]:
    return frozenset(key for module in _modules() for key in getattr(module, "TECHNICAL", ()))


def _modules() -> Iterator[ModuleType]:
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.{MODULE}") is not None:
            yield import_module(f"{app.name}.{MODULE}")


def in_words(held: HeldItem, names: Mapping[str, str]) -> list[Any]:
    """An item's values in words, each once. names: of what ids stand for, such as organisations."""
    return list(dict.fromkeys(_readable(held, one.value, names) for one in held.values))


def _readable(held: HeldItem, raw: Any, names: Mapping[str, str]) -> Any:
    key = held.item.key
    if isinstance(raw, date):
        return raw
    if held.item.protection is Protection.HASHED or _is_binary(raw):
        return gettext("kept in a form that nobody can read")
    if raw is None:
        return gettext("kept, and not shown")
    if key in _technical():
        return gettext("a technical value, not shown here")
    if (found := _codes().get(key, {}).get(str(raw))) is not None:
        return str(found)
    if isinstance(raw, str):
        return names.get(raw) or _named().get(key, str)(raw)
    return _plain(raw)


def _plain(raw: Any) -> Any:
    if isinstance(raw, bool):
        return gettext("yes") if raw else gettext("no")
    if isinstance(raw, list | tuple):
        return ngettext("%(number)d entry", "%(number)d entries", len(raw)) % {"number": len(raw)}
    if isinstance(raw, dict):
        return ", ".join(f"{name}: {_plain(one)}" for name, one in raw.items())
    return raw


def _is_binary(raw: Any) -> bool:
    return isinstance(raw, bytes | memoryview) or (isinstance(raw, str) and raw.startswith("\\x"))
