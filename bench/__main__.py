"""All measurements, or some: `python -m bench [--quick] [--json] [--write] [NAME ...]`.

Every module here that says FULL and QUICK (its command lines, large and tiny) is one. Each runs in a process
of its own, one after another; what it found is printed with what was promised. --quick only shows that they
work. --write renews docs/performance.md from this run; measurements left out keep what the last one found.
"""

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench.document import write
from bench.report import CONDITIONS, RESULTS, Result

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One measurement's run.

    title: the first line of its description. load: the machine's load average when it began, of processes
    that wanted a core. seconds: how long it took. failed: it ended without results.
    """

    name: str
    title: str
    command: tuple[str, ...]
    on: str
    cores: int
    python: str
    system: str
    load: float
    seconds: float
    failed: bool
    results: tuple[Result, ...]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(found()))
    parser.add_argument("--quick", action="store_true", help="tiny sizes; no number is judged")
    parser.add_argument("--json", action="store_true", help="print results as JSON")
    parser.add_argument("--write", action="store_true", help="renew docs/performance.md")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(found()):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    if chosen.quick and chosen.write:
        parser.error("tiny sizes say nothing that is worth writing down")
    done = []
    for name in chosen.names or found():
        one = run(name, quick=chosen.quick, aloud=not chosen.json)
        done.append(one)
        if chosen.write:
            write([asdict(one)])
    if chosen.json:
        print(json.dumps([asdict(one) for one in done], ensure_ascii=False, indent=2))
    failed = [one.name for one in done if one.failed]
    missed = [one.name for one in done if any(result.kept is False for result in one.results)]
    if not chosen.json:
        _say("failed", failed)
        _say("not every promise kept", [] if chosen.quick else missed)
    return 1 if failed or (missed and not chosen.quick) else 0


def _say(what: str, names: list[str]) -> None:
    if names:
        print(f"{what}: {', '.join(names)}")


def found() -> list[str]:
    """Measurements, by name."""
    return sorted(path.stem for path in HERE.glob("*.py") if "FULL" in _said(path))


def run(name: str, *, quick: bool, aloud: bool) -> Measured:
    """Run it, at each of its sizes."""
    path = HERE / f"{name}.py"
    said = _said(path)
    commands = tuple(said["QUICK" if quick else "FULL"])
    title = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or name).partition("\n")[0]
    if aloud:
        print(f"\n{name}: {title}", flush=True)
    load, began, results, failed = os.getloadavg()[0], perf_counter(), [], False
    for command in commands:
        ended, part = _run(name, command, quick=quick, aloud=aloud)
        results += part
        failed |= not part or (quick and ended != 0)
    return Measured(
        name=name,
        title=title,
        command=tuple(f"python -m bench.{name} {command}".strip() for command in commands),
        on=datetime.now(UTC).date().isoformat(),
        cores=os.cpu_count() or 0,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        load=round(load, 1),
        seconds=round(perf_counter() - began, 1),
        failed=failed,
        results=tuple(results),
    )


def _run(name: str, command: str, *, quick: bool, aloud: bool) -> tuple[int, list[Result]]:
    with tempfile.TemporaryDirectory(prefix="seqlense-results-") as folder:
        file = Path(folder) / "results"
        environment = {**os.environ, RESULTS: str(file)} | ({CONDITIONS: "1"} if quick else {})
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{name}", *command.split()],
            cwd=HERE.parent,
            env=environment,
            stdout=None if aloud else subprocess.DEVNULL,
            check=False,
        )
        return done.returncode, list(_read(file))


def _read(file: Path) -> Iterator[Result]:
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            yield Result(**json.loads(line))


def _said(path: Path) -> dict[str, tuple[str, ...]]:
    """FULL and QUICK of a module, without importing it."""
    constants = {
        target.id: node.value
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {name: ast.literal_eval(constants[name]) for name in ("FULL", "QUICK") if name in constants}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
