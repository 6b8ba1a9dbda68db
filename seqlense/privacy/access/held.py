"""What is held about a person, as the pages and the download show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from seqlense.register import Activity, DataItem, Recipient, RetentionRule


class HeldValue(NamedTuple):
    """One value of an item.

    value: as JSON would hold it; dates and moments as such.
    row: id of the row it is in, the same for values that belong together. model: label of the row's model.
    until: when it goes, as known today; None while no event that a rule counts from has happened.
    archived: whether it is out of ordinary reach. withheld: it is held, and its value left out: a secret.
    """

    value: Any
    row: str
    model: str
    until: datetime | None
    archived: bool = False
    withheld: bool = False


@dataclass(frozen=True)
class HeldItem:
    """One data item with its values, and the rules that say how long."""

    item: DataItem
    values: tuple[HeldValue, ...]
    rules: tuple[RetentionRule, ...]


@dataclass(frozen=True)
class HeldActivity:
    """One activity: why and on what basis (`activity`), who receives, what is held.

    closed: its use is limited, and whoever reads is somebody else: every value is withheld.
    """

    activity: Activity
    recipients: tuple[Recipient, ...]
    items: tuple[HeldItem, ...]
    closed: bool = False


@dataclass(frozen=True)
class Access:
    """Everything about one person at a moment, under a version of the register.

    unreadable: how many values had lost their key, having been erased in part.
    """

    subject: UUID
    at: datetime
    register_version: str
    activities: tuple[HeldActivity, ...]
    unreadable: int = 0

    def item(self, key: str) -> HeldItem | None:
        """One item's values, or None where nothing is held."""
        return next((one for held in self.activities for one in held.items if one.item.key == key), None)
