"""What a difference that isn't published obliges to, as the page says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from seqlense.privacy import running
from seqlense.privacy.publishing import people_sql, side_notes, weighing
from seqlense.privacy.publishing.side_notes import Note
from seqlense.privacy.publishing.versions import Pending
from seqlense.register.text import Text


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Whose yes or no is needed, and why. people: how many."""

    title: Text
    asked: str
    article: Text
    people: int


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """The people of one activity. people: how many; told: kinds of changes, in words."""

    title: Text
    people: int
    told: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The whole of it.

    comparable: whether the last version's register can still be read. notes: what changed. people: how many
    are concerned. started: uses that begin. kinds: of people who must be told, as the law sees it.
    tracers: whether any changed.
    """

    comparable: bool
    notes: tuple[Note, ...]
    people: int
    concerned: tuple[Concerned, ...]
    demands: tuple[Demand, ...]
    started: tuple[Text, ...]
    kinds: tuple[Text, ...]
    tracers: bool


def weighed(waiting: Pending, *, now: datetime) -> Picture:
    """As many statements as activities changed, and one more."""
    register, found = running.register(), waiting.weighed
    notes = notes_of(waiting, language())
    number = {one: people_sql.count([one], before=now) for one in sorted(found.activities)}
    return Picture(
        comparable=found.difference is not None or waiting.last is None or waiting.words_only,
        notes=notes,
        people=people_sql.count(found.activities, before=now),
        concerned=_concerned(found, number),
        demands=_demands(found, number),
        started=tuple(register.activities[one].title for one in sorted(found.started)),
        kinds=tuple(who.label for who in found.difference.told) if found.difference else (),
        tracers=any(note.where.startswith("cookies.") for note in notes),
    )


def _concerned(found: weighing.Weighed, number: Mapping[str, int]) -> tuple[Concerned, ...]:
    activities = running.register().activities
    return tuple(
        Concerned(
            title=activities[one].title,
            people=number[one],
            told=tuple(dict.fromkeys(weighing.said(change) for change in changes)),
        )
        for one, changes in found.by_activity.items()
    )


def _demands(found: weighing.Weighed, number: Mapping[str, int]) -> tuple[Demand, ...]:
    activities = running.register().activities
    return tuple(
        Demand(
            title=activities[one.activity].title,
            asked=one.asked,
            article=one.article,
            people=number[one.activity],
        )
        for one in found.demands
    )


def notes_of(waiting: Pending, language: str) -> tuple[Note, ...]:
    """The changes of the register, in words."""
    return tuple(side_notes.notes(weighing.stored(waiting.weighed, running.register()), language))


def language() -> str:
    """Of the page: "fr" or "en"."""
    return "fr" if (get_language() or "fr").startswith("fr") else "en"
