"""Reads what Seqlense sends: a real mail server on this machine, and the worker's part done at once."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.conf import LazySettings

from seqlense.kit import clock
from seqlense.mailing import delivery
from seqlense.mailing.models import Message
from seqlense.mailing.relay import Relay
from seqlense.project.catcher import Catcher


class Postbox:
    """What arrived since the test began."""

    def __init__(self, catcher: Catcher) -> None:
        self._catcher = catcher

    def deliver(self) -> list[EmailMessage]:
        """Send all that waits, in the order it was posted; the messages that arrived just now."""
        before = len(self._catcher.mailbox.newest_first())
        for message in list(Message.objects.order_by("posted_at", "id").values_list("pk", flat=True)):
            delivery.attempt(message, now=clock.now())
        caught = self._catcher.mailbox.newest_first()
        return [one.message for one in reversed(caught[: len(caught) - before])]


@pytest.fixture(scope="session")
def _catcher() -> Iterator[Catcher]:
    with Catcher() as catcher:
        yield catcher


@pytest.fixture
def postbox(db: None, settings: LazySettings, _catcher: Catcher) -> Postbox:
    """`postbox.deliver()` answers the messages that the code under test posted."""
    _catcher.mailbox.clear()
    settings.SEQLENSE_RELAY = Relay.parse(f"smtp://127.0.0.1:{_catcher.smtp_port}")
    return Postbox(_catcher)
