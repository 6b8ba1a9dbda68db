"""What a search looks for: texts that only one person's data would hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from seqlense.privacy.residue.errors import MarkerTooShort, NoMarkers

SHORTEST: Final = 6
"""Characters. A shorter text is found by chance, in base64 above all."""
LONGEST: Final = 200
"""Characters that are looked for; of a longer value its beginning, which can't be met by chance either."""


@dataclass(frozen=True, slots=True)
class Marker:
    """One text. number: how findings speak of it, from 1. about: impersonal, such as an item and an id."""

    number: int
    text: str = field(repr=False)
    about: str = ""


def listed(texts: Iterable[tuple[str, str]]) -> tuple[Marker, ...]:
    """Markers from texts and what they are about, each text once. Raises NoMarkers, MarkerTooShort."""
    found: dict[str, str] = {}
    for number, (text, about) in enumerate(texts, start=1):
        stripped = text.strip()
        if len(stripped) < SHORTEST:
            raise MarkerTooShort(number)
        found.setdefault(stripped[:LONGEST].strip(), about)
    if not found:
        raise NoMarkers
    return tuple(Marker(number, text, about) for number, (text, about) in enumerate(found.items(), start=1))


def typed(text: str) -> tuple[Marker, ...]:
    """One marker a line; empty lines don't count. Raises NoMarkers, MarkerTooShort."""
    return listed((line, "") for line in text.splitlines() if line.strip())


def of_subjects(subjects: Iterable[UUID], *, now: datetime) -> tuple[Marker, ...]:
    """The sealed values of people, opened now: names, addresses, numbers, free texts. Writes nothing.

    Too short ones and secrets (which nobody may open) are left out. Raises NoMarkers.
    """
    return listed(pair for subject in subjects for pair in _values(subject, now))


def _values(subject: UUID, now: datetime) -> Iterator[tuple[str, str]]:
    from seqlense.privacy import access
    from seqlense.register import Protection

    for activity in access.everything(subject, now=now).activities:
        for held in activity.items:
            if held.item.protection is not Protection.SEALED:
                continue
            for value in held.values:
                for text in _texts(value.value):
                    if len(text.strip()) >= SHORTEST:
                        yield text, f"{held.item.key} {subject}"


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value, JSON's lists and objects included."""
    match value:
        case str():
            # What breaks lines is written with breaks of any kind: each line is looked for by itself.
            yield from value.splitlines()
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list() | tuple():
            for one in value:
                yield from _texts(one)
