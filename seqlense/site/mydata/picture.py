"""What an access says, arranged for the page: one card an activity, and a line of time of what goes when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language

from seqlense.organisations import doors as organisations
from seqlense.privacy.access import Access, HeldActivity, HeldItem, readable
from seqlense.privacy.switches import Switch
from seqlense.register import Recipient, RetentionRule, Text, wording
from seqlense.site.mydata import rights
from seqlense.site.mydata.rights import Rights

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
    "promotions.interests": "site:promotions",
    "profiling.segment": "site:my_groups",
}
"""Where a person corrects an item. What isn't here is a fact that the system wrote down by itself."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One item on a card.

    values: the first few, as people read them. more: how many others there are.
    until: when the last of them goes, where that is known; laws: what asks to keep them until then.
    ends: what decides it otherwise, in words; empty where the card says it for all its lines.
    archived: whether all of it is out of ordinary reach. correct: name of the page that changes it, or "".
    """

    held: HeldItem
    values: tuple[Any, ...]
    more: int
    until: datetime | None
    laws: tuple[Text, ...]
    ends: tuple[str, ...]
    archived: bool
    correct: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One activity. ends: what makes most of it go, in words; for the lines that say nothing else.

    rights: what the person may switch there, or did.
    """

    held: HeldActivity
    recipients: tuple[Recipient, ...]
    ends: tuple[str, ...]
    lines: tuple[Line, ...]
    rights: Rights


@dataclass(frozen=True, kw_only=True)
class Going:
    """Items of one activity that go on a known day."""

    on: date
    card: Card
    lines: tuple[Line, ...]


def cards(access: Access, switched: list[Switch]) -> list[Card]:
    """A card for each activity that holds something about the person, with what they switched."""
    names = {str(identifier): name for identifier, name in organisations.names(access.subject).items()}
    return [_card(held, names, switched) for held in access.activities]


def _card(held: HeldActivity, names: Mapping[str, str], switched: list[Switch]) -> Card:
    common = _common(held)
    lines = tuple(_line(one, common, names) for one in held.items)
    mine = rights.of(held.activity.id, switched)
    return Card(held=held, recipients=held.recipients, ends=_told(common), lines=lines, rights=mine)


def _common(held: HeldActivity) -> tuple[RetentionRule, ...]:
    """The rules that most items without a known date go by."""
    counted: dict[tuple[RetentionRule, ...], int] = {}
    for one in held.items:
        if _until(one) is None:
            counted[one.rules] = counted.get(one.rules, 0) + 1
    return max(counted, key=lambda rules: counted[rules], default=())


def _told(rules: tuple[RetentionRule, ...]) -> tuple[str, ...]:
    return wording.rules(rules, get_language() or "fr")


def _until(held: HeldItem) -> datetime | None:
    known = [value.until for value in held.values if value.until is not None]
    return max(known) if known and len(known) == len(held.values) else None


def _line(held: HeldItem, common: tuple[RetentionRule, ...], names: Mapping[str, str]) -> Line:
    shown, until = readable.in_words(held, names), _until(held)
    return Line(
        held=held,
        values=tuple(shown[:SHOWN]),
        more=max(0, len(shown) - SHOWN),
        until=until,
        laws=tuple(dict.fromkeys(rule.law for rule in held.rules if rule.law is not None)),
        ends=() if until is not None or held.rules == common else _told(held.rules),
        archived=all(value.archived for value in held.values),
        correct=CORRECTED_AT.get(held.item.key, ""),
    )


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
