"""`bin/check`: format, lint, floors, types, system checks, migrations, translations, register, tests.

    bin/check [--without-tests]

The house rules are tests and run in any case. Everything runs even if something fails; what failed is said at
the end.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from seqlense.project.environment import SOURCE

PROGRAMS = Path(sys.executable).parent
FOLDERS = tuple(
    name for name in ("seqlense", "tests", "bench", "examples", "bin") if (SOURCE / name).is_dir()
)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One command that must end well."""

    name: str
    command: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)

    def run(self) -> bool:
        sys.stdout.write(f"── {self.name}\n")
        sys.stdout.flush()
        done = subprocess.run(self.command, cwd=SOURCE, env={**os.environ, **self.variables}, check=False)
        return done.returncode == 0


def checks(home: Path, *, tests: bool) -> Iterator[Check]:
    python = sys.executable
    typed = [name for name in FOLDERS if name in ("seqlense", "tests", "bench")]
    test = {"SEQLENSE_MODE": "test", "SEQLENSE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    yield Check(name="format", command=(str(PROGRAMS / "ruff"), "format", "--check", "--quiet", *FOLDERS))
    yield Check(name="lint", command=(str(PROGRAMS / "ruff"), "check", "--quiet", *FOLDERS))
    yield Check(name="floors", command=(str(PROGRAMS / "lint-imports"), "--no-logo"))
    yield Check(name="types", command=(str(PROGRAMS / "mypy"), *typed))
    yield Check(name="system checks", command=(python, "-m", "django", "check"), variables=test)
    yield Check(
        name="migrations",
        # No database runs here whose history could be compared.
        command=(python, "-W", "ignore::RuntimeWarning", "-m", "django", "makemigrations", "--check"),
        variables=test,
    )
    yield Check(
        name="translations", command=(python, "-m", "seqlense.project.translations", "check"), variables=test
    )
    command = (python, "-m", "seqlense.project.cli", "register", "check")
    yield Check(name="register", command=command, variables=test)
    if tests:
        yield Check(name="tests", command=("bin/test",))
    else:
        house = (python, "-m", "pytest", "-q", "-p", "no:randomly", "tests/house")
        yield Check(name="house rules", command=house)


def main(arguments: list[str]) -> int:
    if set(arguments) - {"--without-tests"}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    began = time.monotonic()
    with TemporaryDirectory(prefix="seqlense-check-") as folder:
        home = Path(folder)
        for name in ("keystore", "epoch-keys"):
            (home / name).mkdir()
        failed = [
            check.name for check in checks(home, tests="--without-tests" not in arguments) if not check.run()
        ]
    took = f"{time.monotonic() - began:.0f} s"
    if failed:
        sys.stdout.write(f"FAILED in {took}: {', '.join(failed)}\n")
        return 1
    sys.stdout.write(f"Everything is in order ({took}).\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
