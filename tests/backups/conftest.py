"""A folder for backups, a log, and people in the data."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

NOW = datetime(2026, 11, 23, 2, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Where this test's backups go."""
    settings.SEQLENSE_BACKUPS = tmp_path / "backups"
    settings.SEQLENSE_KEYSTORE_BACKUPS = tmp_path / "elsewhere"
    settings.SEQLENSE_DOCUMENTS = tmp_path / "documents"
    settings.SEQLENSE_LOG = tmp_path / "log"
    settings.SEQLENSE_LOG_KEY = tmp_path / "log-key" / "log.key"
    return tmp_path / "backups"
