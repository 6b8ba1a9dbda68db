"""`bin/run` from a fresh clone: the first start with everything to fetch, build and plant, then the second.

    python -m bench.start [--here]

The promises: the first in at most 3 minutes with registries near, the second in at most 5 seconds. --here
starts this folder, which is set up already, without demo data: to see that the measurement works.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from bench.report import at_most, report

FULL = ("",)
QUICK = ("--here --seconds 1",)
FIRST, SECOND = 180.0, 5.0
SOURCE = Path(__file__).parents[1]
OURS = ("SEQLENSE_", "DATABASE_URL", "DJANGO_", "VIRTUAL_ENV", "PYTHONPATH")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--here", action="store_true")
    parser.add_argument("--seconds", type=int, default=3, help="how many second starts; the median counts")
    chosen = parser.parse_args()
    with _folder() as folder, _clone(folder, here=chosen.here) as source:
        options = ["--without-demo"] if chosen.here else []
        first = _start(source, folder / "home", options)
        seconds = [_start(source, folder / "home", options) for _ in range(chosen.seconds)]
    return report(
        [
            at_most("first start, until the first page answers", first, FIRST, "s"),
            at_most(
                "second start, until the first page answers",
                statistics.median(seconds),
                SECOND,
                "s",
                places=2,
            ),
        ]
    )


@contextmanager
def _folder() -> Iterator[Path]:
    """One that PostgreSQL's own account may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="seqlense-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _clone(folder: Path, *, here: bool) -> Iterator[Path]:
    if here:
        yield SOURCE
        return
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", SOURCE, clone], check=True)
    clone.chmod(0o711)
    yield clone


def _start(source: Path, home: Path, options: list[str]) -> float:
    """Seconds until the product says that it answers; it is stopped then."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    program = [str(source / "bin" / "run")]
    if source == SOURCE:
        program = [sys.executable, "-m", "seqlense.project.devserver"]
    command = [*program, "--home", str(home), "--port", "0", "--json", *options]
    began = perf_counter()
    with subprocess.Popen(command, cwd=source, stdout=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stdout
        try:
            told = process.stdout.readline()
            took = perf_counter() - began
            if not told or "url" not in json.loads(told):
                raise RuntimeError("the product did not start")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
    return took


if __name__ == "__main__":
    sys.exit(main())
