"""The worker is asked for a message with the transaction that posts it, in a worker too."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from seqlense.kit import clock
from seqlense.mailing import tasks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "ask",
    [
        lambda: tasks.wake(uuid4()),
        lambda: tasks.wake_many({uuid4(): clock.now()}),
    ],
)
def test_no_worker_looks_for_what_nobody_sees_yet(
    ask: Callable[[], None],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]],
) -> None:
    connector = InMemoryConnector()
    with app.replace_connector(connector):
        with django_capture_on_commit_callbacks(execute=True):
            ask()
            assert connector.jobs == {}
        assert len(connector.jobs) == 1
