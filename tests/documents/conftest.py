"""A shelf of its own for each test: what others left on the shared one is none of its business."""

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def shelf(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEQLENSE_DOCUMENTS = tmp_path / "documents"
