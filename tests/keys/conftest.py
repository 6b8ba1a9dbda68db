"""Where a test keeps epoch keys; afterwards they are in a file again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from seqlense.kit.clock import now
from seqlense.privacy import keystore
from seqlense.privacy.keystore import epochkeys
from seqlense.project.environment import SOURCE

PIN = "4711-never-shown"


@dataclass(frozen=True)
class Token:
    """A device in software. `variables` say to another process which."""

    module: Path
    label: str
    pin_file: Path
    configuration: Path

    @property
    def variables(self) -> dict[str, str]:
        return {
            "SEQLENSE_PKCS11_MODULE": str(self.module),
            "SEQLENSE_PKCS11_TOKEN": self.label,
            "SEQLENSE_PKCS11_PIN_FILE": str(self.pin_file),
            "SOFTHSM2_CONF": str(self.configuration),
        }


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    """A new token of SoftHSM2's, which is installed where root may."""
    command = [sys.executable, str(SOURCE / "bin" / "setup.py"), "--token"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        reason = found.stderr.strip().splitlines()[-1]
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    made = Token(Path(found.stdout.strip()), "seqlense tests", folder / "pin", folder / "softhsm2.conf")
    made.configuration.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    made.pin_file.touch(mode=0o600)
    made.pin_file.write_text(f"{PIN}\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOFTHSM2_CONF", str(made.configuration))
        pins = ["--pin", PIN, "--so-pin", "0815-neither"]
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", made.label, *pins],
            capture_output=True,
            check=True,
        )
        yield made


@dataclass
class Keeping:
    """Settings about custody, and what another process is told."""

    settings: Any
    second: Path
    variables: dict[str, str]

    def by(self, name: str) -> None:
        """From now on new epochs' keys are kept so."""
        self.settings.SEQLENSE_CUSTODY = self.variables["SEQLENSE_CUSTODY"] = name


@pytest.fixture
def keeping(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Keeping]:
    second = tmp_path / "elsewhere"
    settings.SEQLENSE_EPOCH_KEYS_2 = second
    made = Keeping(settings, second, {"SEQLENSE_EPOCH_KEYS_2": str(second), "SEQLENSE_CUSTODY": "file"})
    try:
        yield made
    finally:
        made.by("file")
        keystore.rotate(now=now())
        if keystore.status(now=now()).custody != "file":  # that one only finished what was cut off
            keystore.rotate(now=now())


@pytest.fixture
def with_token(keeping: Keeping, token: Token) -> Token:
    keeping.settings.SEQLENSE_PKCS11_MODULE = token.module
    keeping.settings.SEQLENSE_PKCS11_TOKEN = token.label
    keeping.settings.SEQLENSE_PKCS11_PIN_FILE = token.pin_file
    keeping.variables |= token.variables
    return token


def forget_loaded() -> None:
    """As in a process that has just started."""
    epochkeys._loaded._keys.clear()
