"""A club in the running register: two activities that rest on one consent, and two outside services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import yaml
from django.test import Client, override_settings

from seqlense.kit import clock
from seqlense.privacy import consent, running, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import Receipt, choices

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NEWS = "club_news"
LETTERS, CALLS = "club_letters", "club_calls"
REGISTER = Path(__file__).parent / "register"


@contextmanager
def club(*more: Path) -> Iterator[None]:
    """The club declared. more: folders whose declarations replace others."""
    with override_settings(SEQLENSE_REGISTER=[*running.folders(), REGISTER, *more]):
        yield


def redeclared(folder: Path, **recipients: dict[str, object]) -> Path:
    """A folder in which some recipients are declared otherwise: id → what changes."""
    known = {one.id: one for one in running.register().recipients.values()}
    entries = []
    for name, changes in recipients.items():
        entry = known[name].model_dump(mode="json", exclude_defaults=True)
        entries.append({**entry, **changes})
    (folder / "recipients.yaml").write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    return folder


def person() -> UUID:
    return subjects.create(now=NOW)


def give(subject: UUID, *, now: datetime = NOW, shown: str = "club-1", language: str = "fr") -> Receipt:
    actor = Actor.person(subject)
    return consent.give(subject, NEWS, how="form", shown=shown, language=language, actor=actor, now=now)


def withdraw(subject: UUID, *, now: datetime = NOW) -> Receipt | None:
    return consent.withdraw(subject, NEWS, how="settings", actor=Actor.person(subject), now=now)


def answers_of(browser: Client) -> dict[str, bool]:
    """What the browser's cookie says of each service."""
    found = choices.opened(browser.cookies[choices.NAME].value, now=clock.now())
    assert found is not None
    return {name: one.yes for name, one in found.answers.items()}
