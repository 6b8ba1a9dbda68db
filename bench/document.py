"""docs/performance.md: every number in it comes from a run; performance.json beside it keeps the runs."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.report import Result, markdown, verdict

DOCS = Path(__file__).parents[1] / "docs"
PAGE, RUNS = DOCS / "performance.md", DOCS / "performance.json"
HEAD = """\
# Performance

What was promised, what was measured, and whether it holds. This page is written by `python -m bench --write`,
never by hand; `python -m bench NAME` repeats one measurement, `--quick` shows that all of them work.

Ratios are taken within one run, rounds of both sides alternating, medians compared. "Floor" is what nobody
can do without: the shortest hand-written statement for the same effect, with bare cryptography. PostgreSQL is
the embedded one with its shipped settings; commits wait for the disk. "Load" is the machine's load average
when a measurement began: above the number of cores, others were working, and absolute times are too long.
"""


def write(runs: Sequence[dict[str, Any]]) -> None:
    """Put these runs in place of the last ones of the same names, and write the page anew."""
    kept = {one["name"]: one for one in _kept()} | {one["name"]: one for one in runs if one["results"]}
    listed = [kept[name] for name in sorted(kept)]
    RUNS.write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(listed), encoding="utf-8")


def page(runs: Sequence[dict[str, Any]]) -> str:
    """The page of these runs."""
    return "\n".join([HEAD, *_summary(runs), *(line for one in runs for line in _section(one))])


def _kept() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(RUNS.read_text(encoding="utf-8")) if RUNS.is_file() else []
    return found


def _summary(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    missed = [(run["name"], one) for run in runs for one in _results(run) if one.kept is False]
    promised = sum(one.kept is not None for run in runs for one in _results(run))
    yield f"**{promised - len(missed)} of {promised} promises kept.**"
    if missed:
        yield ""
        yield "Missed:"
        yield ""
        for name, one in missed:
            yield f"* [{name}](#{name}): {one.measure}: {one.value}, promised {one.target}"
    yield ""


def _section(run: dict[str, Any]) -> Iterator[str]:
    yield f"## {run['name']}"
    yield ""
    yield run["title"]
    yield ""
    lines = [["measure", "value", "promised", ""]]
    lines += [[one.measure, one.value, one.target, verdict(one)] for one in _results(run)]
    yield from markdown(lines)
    yield ""
    yield (
        f"{run['on']}, {run['cores']} cores, {run['system']}, Python {run['python']}, load {run['load']} "
        f"at the start, {run['seconds']:.0f} s: {', '.join(f'`{command}`' for command in run['command'])}"
    )
    yield ""


def _results(run: dict[str, Any]) -> list[Result]:
    return [Result(**one) for one in run["results"]]
