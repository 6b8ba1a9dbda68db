"""How long things may get. What was longer when a ceiling came stands in `ceilings.json` and only shrinks.

python -m tests.house.ceilings     lower the entries of ceilings.json to what is true now
"""

import ast
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.house.sources import Source, Violation, everything

BASELINE = Path(__file__).with_name("ceilings.json")
MODULE, TEST_MODULE, CLASS, FUNCTION, VIEW, ROOM = 400, 600, 250, 60, 25, 25


def measures(sources: Iterable[Source]) -> dict[str, tuple[int, int]]:
    """{what: (its size, its ceiling)} for everything that has a ceiling."""
    found: dict[str, tuple[int, int]] = {}
    rooms: Counter[str] = Counter()
    for source in sources:
        # A tool is handed out alone, in one file.
        longer = source.is_test or source.name.startswith("tools/")
        found[f"module {source.name}"] = (source.lines, TEST_MODULE if longer else MODULE)
        if source.room and not source.name.endswith("__init__.py"):
            rooms[source.room] += 1
        for path, node in _definitions(source.tree):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if isinstance(node, ast.ClassDef):
                found[f"class {source.name} {path}"] = (size, CLASS)
            elif _is_view(source, node):
                found[f"view {source.name} {path}"] = (size, VIEW)
            else:
                found[f"function {source.name} {path}"] = (size, FUNCTION)
    return found | {f"room {room}": (modules, ROOM) for room, modules in rooms.items()}


type Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _definitions(tree: ast.AST, prefix: str = "") -> Iterable[tuple[str, Definition]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"{prefix}{node.name}", node
            yield from _definitions(node, f"{prefix}{node.name}.")
        else:
            yield from _definitions(node, prefix)


def _is_view(source: Source, node: Definition) -> bool:
    """A front door's function that takes a request."""
    if isinstance(node, ast.ClassDef) or not source.name.startswith(("seqlense/site/", "seqlense/console/")):
        return False
    first = [*node.args.posonlyargs, *node.args.args][:1]
    return bool(first) and first[0].arg == "request"


def violations(measured: dict[str, tuple[int, int]], allowed: dict[str, int]) -> Iterable[Violation]:
    for what, (size, ceiling) in measured.items():
        limit = max(ceiling, allowed.get(what, 0))
        if size > limit:
            yield Violation(where=what, what=f"{size}, the ceiling is {limit}")
    for what, limit in allowed.items():
        size, ceiling = measured.get(what, (0, 0))
        if size <= ceiling:
            yield Violation(where=what, what="is under its ceiling now: take it out of ceilings.json")
        elif size < limit:
            yield Violation(where=what, what=f"has shrunk to {size}: lower its entry in ceilings.json")


def baseline() -> dict[str, int]:
    return dict(json.loads(BASELINE.read_text(encoding="utf-8")))


def lowered(measured: dict[str, tuple[int, int]], allowed: dict[str, int]) -> dict[str, int]:
    """The entries that are still needed, none of them higher than before."""
    sizes = {what: min(limit, measured.get(what, (0, 0))[0]) for what, limit in allowed.items()}
    return {what: size for what, size in sorted(sizes.items()) if size > measured.get(what, (0, 0))[1]}


def main() -> int:
    kept = lowered(measures(everything()), baseline())
    BASELINE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
