"""What a measurement found, and whether the promise holds: a table for people, JSON for the runner."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = "SEQLENSE_BENCH_RESULTS"  # a file to which each result is added as a line of JSON
CONDITIONS = "SEQLENSE_BENCH_QUICK"  # set: sizes are tiny, and no promise is judged


@dataclass(frozen=True, kw_only=True)
class Result:
    """One measured number.

    value: as read by people, unit included. target: the promise in words, or "". kept: whether it holds,
    None where nothing was promised.
    """

    measure: str
    value: str
    target: str = ""
    kept: bool | None = None


def at_most(measure: str, value: float, most: float, unit: str = "", *, places: int = 1) -> Result:
    """A number that may not be larger."""
    return Result(
        measure=measure,
        value=shown(value, unit, places),
        target=f"≤ {shown(most, unit, 2).replace('.00', '')}",
        kept=value <= most,
    )


def at_least(measure: str, value: float, least: float, unit: str = "", *, places: int = 1) -> Result:
    """A number that may not be smaller."""
    return Result(
        measure=measure,
        value=shown(value, unit, places),
        target=f"≥ {shown(least, unit, 2).replace('.00', '')}",
        kept=value >= least,
    )


def told(measure: str, value: float | str, unit: str = "", *, places: int = 1) -> Result:
    """A number that nothing was promised about."""
    return Result(measure=measure, value=value if isinstance(value, str) else shown(value, unit, places))


def holds(measure: str, kept: bool, value: str, target: str) -> Result:
    """A promise that is kept or not."""
    return Result(measure=measure, value=value, target=target, kept=kept)


def shown(value: float, unit: str = "", places: int = 1) -> str:
    """1234.56, "ms" → "1,234.6 ms"; a ratio has the unit "×"."""
    number = f"{value:,.{places}f}"
    return f"{number}{unit}" if unit in ("", "×", "%") else f"{number} {unit}"


def quick() -> bool:
    """This run only shows that the measurement works: sizes are tiny and no number is judged."""
    return bool(os.environ.get(CONDITIONS))


def report(results: Sequence[Result]) -> int:
    """Print the table, leave the results to the runner; the exit code: 0 if every promise holds."""
    lines = [["measure", "value", "promised", ""]]
    lines += [[one.measure, one.value, one.target, verdict(one)] for one in results]
    print("\n".join(markdown(lines)))
    if told := os.environ.get(RESULTS):
        with Path(told).open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(asdict(one), ensure_ascii=False)}\n" for one in results)
    return 0 if quick() or all(one.kept is not False for one in results) else 1


def verdict(result: Result) -> str:
    return {True: "kept", False: "**missed**", None: ""}[result.kept]


def markdown(lines: Sequence[Sequence[str]]) -> list[str]:
    """A table; the first line is its header."""
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    ruled = [lines[0], ["-" * width for width in widths], *lines[1:]]
    return [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |"
        for line in ruled
    ]
