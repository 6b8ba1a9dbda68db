"""`seqlense log`: how it is, whether it is whole, and writing it again."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from seqlense.kit import clock
from seqlense.privacy import acts, log
from seqlense.privacy.actor import Actor
from seqlense.privacy.errors import Explained
from seqlense.privacy.log import errors, health
from seqlense.project.cli.commands import log as commands
from tests.cli.conftest import Command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log_folder(settings: Any, tmp_path: Path) -> Path:
    settings.SEQLENSE_LOG = tmp_path / "log"
    settings.SEQLENSE_LOG_KEY = tmp_path / "key" / "log.key"
    return tmp_path / "log"


def test_a_log_that_is_gone_is_said_and_written_again(command: Command, log_folder: Path) -> None:
    assert command("log", "status").code == 0
    assert command("log", "check").code == 0
    assert command("log", "rebuild").code == 1
    for number in range(3):
        acts.record("tests.done", actor=Actor.system("tests"), now=clock.now(), number=number)
    assert command("log", "status", "--json").document["unsealed"] == 3
    log.seal(now=clock.now())
    told = command("log", "status", "--json").document
    assert (told["size"], told["problems"], told["unsealed"]) == (3, [], 0)
    assert told["origin"] == "testserver/log"
    assert "entries: 3" in command("log", "status").out
    assert command("log", "check", "--json").document["entries"] == 3

    before = {one: one.read_bytes() for one in log_folder.rglob("*") if one.is_file()}
    shutil.rmtree(log_folder)
    missing = command("log", "status")
    assert missing.code == 1
    assert "seqlense log rebuild" in missing.out
    refused = command("log", "check")
    assert (refused.code, "log rebuild" in refused.err) == (1, True)
    assert "3 entries" in command("log", "rebuild").out
    assert {one: one.read_bytes() for one in log_folder.rglob("*") if one.is_file()} == before
    assert command("log", "status").code == 0


def test_every_problem_has_its_words() -> None:
    codes = {
        one.code for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Explained)
    }
    codes |= {"log-clock-back", "log-late"}
    stopping = {one for one in codes if one.startswith("log-")} - {"log-full"}
    assert [one for one in stopping if commands._words(one) == one] == []
    assert health.LATE.total_seconds() == 30
