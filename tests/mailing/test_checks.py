"""What is declared of a message is checked at start, with an id and a hint."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import LazySettings
from django.core.checks import CheckMessage

from seqlense.mailing import checks, declarations
from seqlense.mailing.declarations import MailTemplate
from seqlense.mailing.errors import InvalidTemplate
from tests.mailing.club.mails import WELCOME

Declare = Callable[..., list[CheckMessage]]
PARTS = {"subject.txt": "club.welcome.subject.txt", "txt": "club.welcome.txt", "html": "club.welcome.html"}


@pytest.fixture
def declare(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Declare:
    """Runs the check over the welcome message with something changed: in its declaration or in its files."""
    words = Path(__file__).parent / "club" / "templates" / "mail"
    (tmp_path / "mail").mkdir()
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def _declare(files: dict[str, str | None] | None = None, **changes: str) -> list[CheckMessage]:
        template = replace(WELCOME, **changes)  # type: ignore[arg-type]
        for end, name in PARTS.items():
            changed = (files or {}).get(end, (words / name).read_text())
            if changed is not None:
                (tmp_path / "mail" / f"{template.id}.{end}").write_text(changed)
        monkeypatch.setattr(declarations, "declared", lambda: {template.id: template})
        return checks.messages(None)

    return _declare


def test_a_sound_message_passes(declare: Declare) -> None:
    assert declare() == []


@pytest.mark.parametrize(
    ("changes", "files", "expected"),
    [
        ({"activity": "kyc"}, {}, "mailing.E002"),
        ({"item": "mailing.fax"}, {}, "mailing.E003"),
        ({}, {"html": None}, "mailing.E004"),
        ({}, {"subject.txt": "{% nonsense %}"}, "mailing.E005"),
        ({}, {"subject.txt": "{{ language }}\n{{ name }}"}, "mailing.E005"),
        ({}, {"html": "<p>bare</p>"}, "mailing.E006"),
        ({}, {"html": '<html lang="{{ language }}"><img src="https://example.org/1.gif">'}, "mailing.E007"),
        ({}, {"subject.txt": "Hello"}, "mailing.W001"),
    ],
)
def test_an_unsound_one_is_named_with_a_hint(
    declare: Declare, changes: dict[str, str], files: dict[str, str | None], expected: str
) -> None:
    found = declare(files, **changes)
    assert {finding.id for finding in found} == {expected}
    assert all(finding.hint and "club.welcome" in finding.msg for finding in found)


def test_an_id_has_one_shape_and_one_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidTemplate):
        replace(WELCOME, id="Welcome")
    twice = ModuleType("club.mails")
    twice.ALL = [WELCOME, replace(WELCOME)]  # type: ignore[attr-defined]
    monkeypatch.setattr(declarations, "_in_module", lambda name: declarations._values(twice))
    with pytest.raises(InvalidTemplate, match=r"club\.welcome"):
        declarations.declared.__wrapped__()


def test_every_installed_room_s_messages_are_sound() -> None:
    assert all(isinstance(template, MailTemplate) for template in declarations.declared().values())
    assert [finding for finding in checks.messages(None) if finding.is_serious()] == []
