"""Rows fetched together share their keys, which come in one statement when the first value is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING
from uuid import UUID

from seqlense.privacy import keystore
from seqlense.privacy.keystore import inhand

if TYPE_CHECKING:
    from seqlense.privacy.keystore.envelope import Key
    from seqlense.privacy.keystore.inhand import Pair


class Page:
    """The people and activities that some rows are about, and their keys once asked for.

    It knows no rows, and lives as long as they do. Copies and pickles of a row share or lose it, never its
    keys.
    """

    __slots__ = ("_activities", "_forgotten", "_keys", "_last", "_subjects")

    def __init__(self) -> None:
        self._subjects: set[UUID] = set()
        self._activities: set[str] = set()
        self._keys: dict[Pair, Key] = {}
        self._last: tuple[UUID | None, str, Key | None] = (None, "", None)  # most reads are of the same row
        self._forgotten = inhand.times_forgotten

    def expect(self, subject: UUID, activities: Iterable[str]) -> None:
        """A row about that person, with columns of these activities, is on the page."""
        self._subjects.add(subject)
        self._activities.update(activities)

    @property
    def people(self) -> frozenset[UUID]:
        """Everybody on the page."""
        return frozenset(self._subjects)

    def key(self, subject: UUID, activity: str) -> Key | None:
        """The key of that pair, fetched with those of everybody on the page; None if it was destroyed."""
        last = self._last
        if last[0] is subject and last[1] == activity and self._forgotten == inhand.times_forgotten:
            return last[2]
        pair = (subject, activity)
        keys = self._current()
        if pair not in keys and (in_hand := inhand.held().get(pair)) is not None:
            keys[pair] = in_hand
        elif pair not in keys:
            subjects, activities = self._subjects | {subject}, self._activities | {activity}
            asked = {(one, other) for one in subjects for other in activities}
            keys.update(keystore.keys_for(asked.difference(keys)))
        key = keys.get(pair)
        if key is not None:
            self._last = (subject, activity, key)
        return key

    def key_for_writing(self, subject: UUID, activity: str) -> Key:
        """The key of that pair, made if there is none."""
        pair = (subject, activity)
        keys = self._current()
        if pair not in keys:
            keys.update(keystore.mint([pair]))
        return keys[pair]

    def mint(self, pairs: Collection[Pair]) -> None:
        """Have the keys of all these pairs ready, made where there is none."""
        self._current().update(keystore.mint(pairs))

    def _current(self) -> dict[Pair, Key]:
        if self._forgotten != inhand.times_forgotten:
            self._keys.clear()
            self._last = (None, "", None)
            self._forgotten = inhand.times_forgotten
        return self._keys

    def __repr__(self) -> str:
        return "<page>"

    def __copy__(self) -> Page:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Page:
        return self

    def __reduce__(self) -> tuple[type[Page], tuple[()]]:
        return Page, ()


_gathering: ContextVar[Page | None] = ContextVar("seqlense_page", default=None)


@contextmanager
def gathering(page: Page) -> Iterator[None]:
    """Rows loaded in the block belong to that page."""
    token = _gathering.set(page)
    try:
        yield
    finally:
        _gathering.reset(token)


def gathered() -> Page | None:
    """The page that rows being loaded belong to."""
    return _gathering.get()
