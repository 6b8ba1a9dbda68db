"""A veil before sealed values: who reads in this block may open some people's, and not others'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol
from uuid import UUID


class Veil(Protocol):
    """Decides for one reader."""

    def hides(self, subject: UUID, activity: str, among: Iterable[UUID] = ()) -> bool:
        """Whether that reader doesn't get to see it. among: people whom the same page will be asked about."""
        ...


_drawn: ContextVar[Veil | None] = ContextVar("seqlense_veil", default=None)


@contextmanager
def behind(veil: Veil | None) -> Iterator[None]:
    """In the block, what the veil hides stays sealed; with None, nothing is hidden."""
    token = _drawn.set(veil)
    try:
        yield
    finally:
        _drawn.reset(token)


def drawn() -> Veil | None:
    """The veil before whoever reads now; None for the program's own work."""
    return _drawn.get()


def hidden(subject: UUID, activities: Iterable[str]) -> frozenset[str]:
    """Those of a person's activities that are closed to whoever reads now."""
    veil = _drawn.get()
    return frozenset() if veil is None else frozenset(one for one in activities if veil.hides(subject, one))


class Hidden(str):
    """What a reader gets instead of a sealed text. It is never sealed in its turn."""

    __slots__ = ()


HIDDEN = Hidden("…")
