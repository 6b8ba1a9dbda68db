"""What is wrong in a register file: where, what, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from seqlense.register.text import Text


@dataclass(frozen=True, kw_only=True)
class Problem:
    """`key` is the path inside the file ("retention[0].event"); `line` counts from 1, 0 means all of it."""

    file: Path | None
    line: int
    key: str
    what: Text
    hint: Text

    def in_(self, language: str) -> str:
        place = str(self.file) if self.file else "register"
        if self.line:
            place += f":{self.line}"
        if self.key:
            place += f": {self.key}"
        return f"{place}: {self.what.in_(language)} {self.hint.in_(language)}"

    def __str__(self) -> str:
        return self.in_("en")


class RegisterError(Exception):
    """The register can't be used; `problems` holds every fault found, not just the first."""

    code = "register.invalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    def in_(self, language: str) -> str:
        return "\n".join(problem.in_(language) for problem in self.problems)
