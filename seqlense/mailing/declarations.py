"""What a room says of a message it may send: one declaration each, found in every room's `mails.py`."""

import functools
import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.core.signals import setting_changed

from seqlense.mailing.errors import InvalidTemplate, UnknownTemplate

IDENTIFIER = re.compile(r"\A[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True, kw_only=True)
class MailTemplate:
    """A message of a room: bind it to a module-level name of the room's `mails.py`, alone or in a list.

    Its words live in `templates/mail/ID.subject.txt`, `ID.txt` and `ID.html` (one set for all languages, with
    translations; the last two extend `mail/base.txt` and `mail/base.html`).

    `address` and `context` are called by the worker at the moment of sending, with the message's language
    active and inside one transaction; `about` is the opaque id given to `post`. Either may answer None: the
    thing is gone, and so is the message.
    """

    id: str
    """`room.message`, for example `accounts.verify`."""
    activity: str
    """The processing activity that this message serves; it must be active in the running register."""
    item: str
    """The data item that holds the address, for example `accounts.email`."""
    address: Callable[[UUID], str | None]
    context: Callable[[UUID], Mapping[str, Any] | None]
    in_spite: Literal["", "asked", "safety"] = ""
    """Why it goes although the person limited this use of their data: they asked for this very message (which
    is consent, GDPR art. 18(2)), or it warns of what affects their account's safety (art. 32, 34)."""
    sample: Mapping[str, Any] = field(default_factory=dict)
    """Made-up values with which the system check renders every file in every language."""

    def __post_init__(self) -> None:
        if not IDENTIFIER.match(self.id):
            raise InvalidTemplate(f"{self.id!r} is no identifier of the shape room.message")

    @property
    def subject_file(self) -> str:
        return f"mail/{self.id}.subject.txt"

    @property
    def text_file(self) -> str:
        return f"mail/{self.id}.txt"

    @property
    def html_file(self) -> str:
        return f"mail/{self.id}.html"


@functools.cache
def declared() -> Mapping[str, MailTemplate]:
    """Every message that the installed rooms may send, by id. Raises InvalidTemplate when two share one."""
    found: dict[str, MailTemplate] = {}
    for config in apps.get_app_configs():
        for template in _in_module(f"{config.name}.mails"):
            if found.setdefault(template.id, template) is not template:
                raise InvalidTemplate(f"{template.id!r} is declared twice")
    return found


def get(template: str) -> MailTemplate:
    """Raises UnknownTemplate."""
    try:
        return declared()[template]
    except KeyError:
        raise UnknownTemplate(repr(template)) from None


def whose(*, activity: str, **_: object) -> frozenset[str]:
    """Activities whose people a change in sending mail concerns: nothing of its own lasts here."""
    if activity != "mailing":
        return frozenset()
    return frozenset(one.item.partition(".")[0] for one in declared().values() if one.activity == activity)


def _in_module(name: str) -> Iterator[MailTemplate]:
    if importlib.util.find_spec(name) is None:
        return
    seen: set[int] = set()
    for template in _values(importlib.import_module(name)):
        if id(template) not in seen:
            seen.add(id(template))
            yield template


def _values(module: ModuleType) -> Iterator[MailTemplate]:
    for value in vars(module).values():
        members = value if isinstance(value, list | tuple) else (value,)
        yield from (member for member in members if isinstance(member, MailTemplate))


def _forget(*, setting: str, **_: object) -> None:
    if setting == "INSTALLED_APPS":
        declared.cache_clear()


setting_changed.connect(_forget)
