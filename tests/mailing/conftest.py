"""A certificate authority, and the club with somebody to write to."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings

from seqlense.kit.identifiers import uuid7
from seqlense.mailing import declarations
from tests.mailing.club import mails
from tests.mailing.relays import Authority, make_authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def join(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], UUID]:
    """Makes somebody a member of the club; answers the opaque id that its message speaks of."""
    folder = Path(mails.__file__).parent / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder]}]
    monkeypatch.setattr(declarations, "declared", lambda: {mails.WELCOME.id: mails.WELCOME})
    monkeypatch.setattr(mails, "PEOPLE", {})

    def _join(address: str, name: str) -> UUID:
        about = uuid7()
        mails.PEOPLE[about] = (address, name)
        return about

    return _join
