"""The floors and the forbidden packages, as `bin/check` reads them, refuse what they must."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

ROOMS = {
    "kit": "",
    "register": "import seqlense.kit",
    "privacy": "import seqlense.register",
    "accounts": "import seqlense.privacy",
    "organisations": "import seqlense.accounts",
    "site": "import seqlense.organisations",
    "console": "import seqlense.organisations",
    "project": "import seqlense.site",
}


def _linted(folder: Path, rooms: dict[str, str]) -> str:
    """What import-linter says of a little house built by our plan."""
    package = folder / "seqlense"
    for name, code in rooms.items():
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").write_text(f"{code}\n")
    (package / "__init__.py").touch()
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    done = subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
    )
    said = f"{done.stdout}{done.stderr}"
    assert (done.returncode == 0) == ("0 broken" in said), said
    return said


def test_a_house_by_the_plan_stands(tmp_path: Path) -> None:
    assert "2 kept, 0 broken" in _linted(tmp_path, ROOMS)


@pytest.mark.parametrize(
    ("room", "code", "complaint"),
    [
        ("kit", "import seqlense.register", "seqlense.kit -> seqlense.register"),
        ("privacy", "import seqlense.accounts", "seqlense.privacy -> seqlense.accounts"),
        ("site", "import seqlense.console", "seqlense.site -> seqlense.console"),
        ("accounts", "import seqlense.project", "seqlense.accounts -> seqlense.project"),
        ("accounts", "import smtplib", "seqlense.accounts -> smtplib"),
        ("cellar", "", "cellar"),
    ],
)
def test_a_broken_floor_is_seen(tmp_path: Path, room: str, code: str, complaint: str) -> None:
    said = _linted(tmp_path, {**ROOMS, room: code})
    assert "1 broken" in said, said
    assert complaint in said
