"""A person's limited data is open to that person, and to nobody else who reads (GDPR art. 18(2), recital 67).

Whoever answers a request draws the veil; the program's own work (signing in, erasing, mail) goes without.
Staff open it for one person, for a ground that the law knows; that they did is written down where they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db import models

from seqlense.privacy.sealed import veils
from seqlense.privacy.switches.bars import barred_among

NOBODY: Final = UUID(int=0)
"""A reader of whom the data know nothing: somebody on the company's own machine."""


class Opening(models.TextChoices):
    """For what limited data may be read all the same (GDPR art. 18(2))."""

    CONSENT = "consent"
    CLAIMS = "claims"
    OTHERS = "others"
    AUTHORITY = "authority"


class _Veil:
    """What is barred about others, looked up once for all the people on a page."""

    def __init__(self, reader: Callable[[], UUID | None], opened: UUID | None = None) -> None:
        self._ask = reader
        self._opened = opened
        self._known: dict[UUID, frozenset[str]] = {}

    @cached_property
    def _reader(self) -> UUID | None:
        return self._ask()

    def hides(self, subject: UUID, activity: str, among: Iterable[UUID] = ()) -> bool:
        """Nothing of the reader's own; nothing before sign-in, where people prove who they are."""
        if self._reader is None or subject in (self._reader, self._opened):
            return False
        if subject not in self._known:
            wanted = {subject, *among} - self._known.keys() - {self._reader}
            self._known.update(dict.fromkeys(wanted, frozenset()))
            self._known.update(barred_among(wanted))
        return activity in self._known[subject]

    def opened(self, subject: UUID) -> _Veil:
        """The same veil, with one person's data before it."""
        return _Veil(self._ask, subject)


def reading(reader: Callable[[], UUID | None]) -> AbstractContextManager[None]:
    """In the block somebody reads: others' limited data stay closed. reader: who, asked when it matters."""
    return veils.behind(_Veil(reader))


def staff_reading(opened_for: UUID | None = None) -> AbstractContextManager[None]:
    """In the block staff read outside the pages. opened_for: whose limited data they may read."""
    return veils.behind(_Veil(lambda: NOBODY, opened_for))


def opened(subject: UUID) -> AbstractContextManager[None]:
    """In the block that person's limited data are open to the reader, who gave a ground for it."""
    veil = veils.drawn()
    return veils.behind(veil.opened(subject) if isinstance(veil, _Veil) else veil)
