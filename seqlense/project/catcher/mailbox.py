"""The messages caught so far. They live in this process and go with it."""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from typing import Final

KEPT: Final = 500
"""Older messages make way for newer ones."""


@dataclass(frozen=True)
class Caught:
    """One message, as its sender handed it over."""

    number: int
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


class Mailbox:
    """Filled by the SMTP side, read by the page; both run in threads of their own."""

    def __init__(self) -> None:
        self._messages: deque[Caught] = deque(maxlen=KEPT)
        self._changed = threading.Condition()
        self._count = 0

    def add(self, *, sender: str, recipients: tuple[str, ...], content: bytes, now: datetime) -> Caught:
        with self._changed:
            self._count += 1
            caught = Caught(self._count, now, sender, recipients, content)
            self._messages.append(caught)
            self._changed.notify_all()
        return caught

    def newest_first(self) -> list[Caught]:
        with self._changed:
            return list(reversed(self._messages))

    def get(self, number: int) -> Caught | None:
        with self._changed:
            return next((caught for caught in self._messages if caught.number == number), None)

    def wait(self, count: int, *, seconds: float) -> bool:
        """Whether at least that many messages have come in, ever, before the seconds are over."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count >= count, timeout=seconds)

    def clear(self) -> None:
        with self._changed:
            self._messages.clear()
