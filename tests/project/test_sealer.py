"""The worker's thread that seals the log: soon, again after a fault, and once more before it ends."""

import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seqlense.privacy import acts, log
from seqlense.privacy.actor import Actor
from seqlense.project import sealer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def log_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.SEQLENSE_LOG = tmp_path / "log"
    settings.SEQLENSE_LOG_KEY = tmp_path / "key" / "log.key"
    monkeypatch.setattr(sealer, "PAUSE", 0.1)
    return tmp_path / "log"


def act() -> None:
    acts.record("tests.done", actor=Actor.system("tests"), now=NOW)


def until(size: int, patience: float = 5) -> float:
    """Seconds until the log has that size."""
    began = time.monotonic()
    while log.head().size < size:
        assert time.monotonic() - began < patience, log.state(now=NOW)
        time.sleep(0.02)
    return time.monotonic() - began


def test_what_is_committed_is_sealed_within_a_second() -> None:
    with sealer.sealing():
        for size in range(1, 4):
            act()
            assert until(size) < 1
            time.sleep(0.1)


def test_what_ends_with_the_worker_is_sealed_too() -> None:
    with sealer.sealing():
        act()
    assert log.head().size == 1


def test_a_fault_is_said_once_and_sealing_goes_on_after_it(
    log_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    act()
    log.seal(now=NOW)
    log_folder.rename(log_folder.with_name("elsewhere"))
    act()
    with caplog.at_level(logging.INFO, "seqlense.project.sealer"), sealer.sealing():
        time.sleep(0.5)
        log_folder.with_name("elsewhere").rename(log_folder)
        until(2)
    said = [one.getMessage() for one in caplog.records if one.name == "seqlense.project.sealer"]
    assert said == ["The log isn't sealed: log-missing. Run: seqlense log status", "The log is sealed again."]
