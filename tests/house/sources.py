"""The repository as the house rules see it: files, syntax trees, rooms."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIVIDED = ("site", "console", "project", "project/cli", "privacy", "audience")
"""Rooms made of sections, each of which is counted by itself."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One broken rule: where, and what is wrong there."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Source:
    """One Python file. `name` is its path from the repository's root."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def is_test(self) -> bool:
        return self.name.startswith("tests/")

    @property
    def room(self) -> str:
        """ "accounts", "site/account", "privacy/keystore"; "" outside the package."""
        parts = self.name.split("/")
        if parts[0] != "seqlense" or len(parts) < 3:
            return ""
        room, *inner = parts[1:-1]
        for part in inner:
            if room not in DIVIDED:
                break
            room = f"{room}/{part}"
        return room

    def violation(self, node: ast.AST, what: str) -> Violation:
        return Violation(where=f"{self.name}:{getattr(node, 'lineno', 0)}", what=what)


def product() -> list[Source]:
    """Every Python file of the package, without migrations."""
    return [source for source in everything() if source.name.startswith("seqlense/")]


def everything() -> list[Source]:
    return [
        Source(name, (ROOT / name).read_text(encoding="utf-8"))
        for name in tracked()
        if name.endswith(".py") and "/migrations/" not in name
    ]


def tracked() -> list[str]:
    """The repository's own files; without git, all files that no tool made."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.splitlines() if listed.returncode == 0 else _walked()
    return sorted(name for name in set(names) if (ROOT / name).is_file())


def _walked() -> Iterator[str]:
    made = {".venv", ".tools", "var", "node_modules", "__pycache__", "built", ".git"}
    for path in ROOT.rglob("*"):
        if not made & set(path.relative_to(ROOT).parts) and path.suffix != ".mo":
            yield str(path.relative_to(ROOT))


def dotted(node: ast.expr) -> str:
    """`datetime.now` for the expression datetime.now; "" for anything that isn't a chain of names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imports(source: Source) -> dict[str, str]:
    """What each imported name stands for: {"now": "django.utils.timezone.now"}."""
    names: dict[str, str] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the full name of what is called, as far as the imports tell."""
    known = imports(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and (name := dotted(node.func)):
            first, _, rest = name.partition(".")
            full = known.get(first, first)
            yield node, f"{full}.{rest}" if rest else full


def shown(violations: Iterable[Violation]) -> str:
    return "\n".join(sorted(map(str, violations)))
