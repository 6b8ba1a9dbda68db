"""The whole register: controller, recipients, cookies, activities, and its version."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from seqlense.register.vocabulary import Storage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seqlense.register.schema import Activity, Controller, Cookie, DataItem, Recipient

FORMAT = "seqlense-register/1"


class Register:
    """Immutable. Two registers are equal when their contents are, whatever the files they came from."""

    def __init__(
        self,
        *,
        controller: Controller,
        recipients: Iterable[Recipient],
        cookies: Iterable[Cookie],
        activities: Iterable[Activity],
    ) -> None:
        self.controller = controller
        self.recipients: Mapping[str, Recipient] = MappingProxyType(
            {one.id: one for one in sorted(recipients, key=lambda one: one.id)}
        )
        self.cookies: tuple[Cookie, ...] = tuple(sorted(cookies, key=lambda one: one.name))
        self.activities: Mapping[str, Activity] = MappingProxyType(
            {one.id: one for one in sorted(activities, key=lambda one: one.id)}
        )

    @cached_property
    def document(self) -> dict[str, Any]:
        """The register as plain data, ready for JSON; don't change it."""
        return {
            "format": FORMAT,
            "controller": self.controller.model_dump(mode="json"),
            "recipients": [one.model_dump(mode="json") for one in self.recipients.values()],
            "cookies": [one.model_dump(mode="json") for one in self.cookies],
            "activities": [one.model_dump(mode="json") for one in self.activities.values()],
        }

    @cached_property
    def version(self) -> str:
        """SHA-256 (hex) of the contents, independent of files, their order and their formatting."""
        canonical = json.dumps(self.document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Register) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    def __repr__(self) -> str:
        return f"<Register {self.version[:12]}: {len(self.activities)} activities>"

    @cached_property
    def active(self) -> tuple[Activity, ...]:
        """The activities that run."""
        return tuple(one for one in self.activities.values() if one.active)

    @cached_property
    def inactive(self) -> tuple[Activity, ...]:
        return tuple(one for one in self.activities.values() if not one.active)

    @cached_property
    def items(self) -> Mapping[str, DataItem]:
        """Every data item of every activity by its key ("accounts.email")."""
        return MappingProxyType({item.key: item for one in self.activities.values() for item in one.items})

    def item(self, key: str) -> DataItem:
        """Raises KeyError for a key that no activity declares."""
        return self.items[key]

    @cached_property
    def active_cookies(self) -> tuple[Cookie, ...]:
        """Tracers in use: those of running activities."""
        return tuple(one for one in self.cookies if self.activities[one.activity].active)

    def cookie(self, name: str) -> Cookie | None:
        """The tracer of that name, with or without the prefix `__Host-` or `__Secure-`; or None."""
        bare = name.removeprefix("__Host-").removeprefix("__Secure-")
        return next((one for one in self.cookies if one.name in (name, bare)), None)

    def recipients_of(self, activity: Activity) -> tuple[Recipient, ...]:
        """Everyone who gets data of that activity, the holders of its items and its hosts included."""
        ids = dict.fromkeys(activity.recipients)
        ids.update(dict.fromkeys(place for place in activity.locations if place in self.recipients))
        ids.update(dict.fromkeys(holder for item in activity.items for holder in item.held_by))
        stored = any(item.storage in (Storage.DATABASE, Storage.FILES) for item in activity.items)
        if stored or "own_servers" in activity.locations:
            ids.update(dict.fromkeys(server.host for server in self.controller.servers))
        return tuple(self.recipients[one] for one in ids)

    @cached_property
    def active_recipients(self) -> tuple[Recipient, ...]:
        """Everyone who gets data of a running activity, by id."""
        found = {one.id: one for activity in self.active for one in self.recipients_of(activity)}
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def hosts(self) -> Mapping[str, str]:
        """Outside host names that running activities may reach → the recipient that declares each."""
        return MappingProxyType({host: one.id for one in self.active_recipients for host in one.hosts})

    def countries_of(self, activity: Activity) -> tuple[str, ...]:
        """Where the data of that activity is handled, as ISO 3166 codes."""
        found: set[str] = set()
        for place in activity.locations:
            if place == "own_servers":
                found.update(server.country for server in self.controller.servers)
            else:
                found.update(self.recipients[place].countries)
        found.update(transfer.country for transfer in activity.transfers)
        return tuple(sorted(found))
