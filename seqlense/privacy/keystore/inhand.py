"""Who holds unwrapped data keys, and for how long.

Never the process: a page of rows holds the keys of its people while the rows live, and a request or task may
hold those it has used until it ends. `forget` empties all of them, at once, when somebody is erased.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from seqlense.privacy.keystore.envelope import Key

type Pair = tuple[UUID, str]  # whose key, and of which activity

_held: ContextVar[dict[Pair, Key] | None] = ContextVar("seqlense_keys_in_hand", default=None)
times_forgotten = 0  # grows each time that keys had to be forgotten: who keeps some compares


def held() -> dict[Pair, Key]:
    """Keys that this request or task has used; one to throw away outside of both."""
    keys = _held.get()
    return {} if keys is None else keys


@contextmanager
def session() -> Iterator[None]:
    """Keep used keys until the end of the block, so that the same person costs one statement."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def begin_request(**_: object) -> None:
    """Receiver of `request_started`."""
    _held.set({})


def end_request(**_: object) -> None:
    """Receiver of `request_finished`."""
    _held.set(None)


def forget(**_: object) -> None:
    """Let go of every key in this process. Receiver of `erased`."""
    global times_forgotten  # noqa: PLW0603 (a counter of the process is what it is)
    times_forgotten += 1
    keys = _held.get()
    if keys is not None:
        keys.clear()
