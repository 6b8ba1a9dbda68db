"""What an access says, arranged for the page: one card an activity, and a line of time of what goes when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seqlense.privacy.access import Access, HeldActivity, HeldItem, HeldValue
from seqlense.register import Protection, Recipient, RetentionRule

SHOWN: Final = 5
"""How many values of an item the card shows; the download has all of them."""

CORRECTED_AT: Final = {
    "accounts.email": "site:email",
    "accounts.name": "site:settings",
    "accounts.language": "site:settings",
    "accounts.country": "site:settings",
    "accounts.currency": "site:settings",
    "accounts.time_zone": "site:settings",
    "accounts.password": "site:security",
    "accounts.passkey_name": "site:security",
    "accounts.session_device": "site:security",
    "organisations.role": "site:organisations",
}
"""Where a person corrects an item. What isn't here is a fact that the system wrote down by itself."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One item on a card.

    values: the first few, as people read them. more: how many others there are.
    until: when the last of them goes, where that is known. rules: what decides it otherwise.
    archived: whether all of it is out of ordinary reach. correct: name of the page that changes it, or "".
    """

    held: HeldItem
    values: tuple[Any, ...]
    more: int
    until: datetime | None
    rules: tuple[RetentionRule, ...]
    archived: bool
    correct: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One activity."""

    held: HeldActivity
    recipients: tuple[Recipient, ...]
    lines: tuple[Line, ...]

    @property
    def values(self) -> int:
        """How many values are held in all."""
        return sum(len(line.held.values) for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Going:
    """Items of one activity that go on a known day."""

    on: date
    card: Card
    lines: tuple[Line, ...]


def cards(access: Access) -> list[Card]:
    """A card for each activity that holds something about the person."""
    return [
        Card(held=held, recipients=held.recipients, lines=tuple(line(one) for one in held.items))
        for held in access.activities
    ]


def line(held: HeldItem) -> Line:
    """An item as its card shows it."""
    shown = list(dict.fromkeys(readable(held, value) for value in held.values))
    ends = [value.until for value in held.values]
    known = [end for end in ends if end is not None]
    return Line(
        held=held,
        values=tuple(shown[:SHOWN]),
        more=max(0, len(shown) - SHOWN),
        until=max(known) if known and len(known) == len(ends) else None,
        rules=held.rules,
        archived=all(value.archived for value in held.values),
        correct=CORRECTED_AT.get(held.item.key, ""),
    )


def readable(held: HeldItem, value: HeldValue) -> Any:
    """A value as a person reads it: words and dates as they are, secrets and keys by their nature only."""
    raw = value.value
    if held.item.protection is Protection.HASHED or _is_binary(raw):
        return _("kept in a form that nobody can read")
    if isinstance(raw, bool):
        return _("yes") if raw else _("no")
    if isinstance(raw, list | tuple):
        return ngettext("%(number)d entry", "%(number)d entries", len(raw)) % {"number": len(raw)}
    if isinstance(raw, dict):
        return ", ".join(f"{name}: {one}" for name, one in raw.items())
    return raw


def _is_binary(raw: Any) -> bool:
    return isinstance(raw, bytes | memoryview) or (isinstance(raw, str) and raw.startswith("\\x"))


def goings(all_cards: list[Card]) -> list[Going]:
    """What goes when, in order of time; days that are known only."""
    return sorted(_goings(all_cards), key=lambda one: one.on)


def _goings(all_cards: list[Card]) -> Iterator[Going]:
    for card in all_cards:
        by_day: dict[date, list[Line]] = {}
        for one in card.lines:
            if one.until is not None:
                by_day.setdefault(one.until.date(), []).append(one)
        for day, lines in by_day.items():
            yield Going(on=day, card=card, lines=tuple(lines))
