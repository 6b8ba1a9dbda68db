"""Runs the command in this process, in English, and gives the terminal's language back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import translation

from seqlense.project.cli import main
from tests.postbox import _catcher, postbox

__all__ = ["_catcher", "postbox"]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


type Command = Callable[..., Said]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`command("register", "show")`; `piped` is what comes through the standard input."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C")

    def run(*arguments: str, piped: str | bytes = "") -> Said:
        result = CliRunner().invoke(main, list(arguments), input=piped)
        assert "Traceback" not in result.output
        return Said(result.exit_code, result.stdout, result.stderr)

    with translation.override(translation.get_language()):
        yield run
