"""A new installation's folders are made when it is prepared, for its account alone."""

from pathlib import Path

import pytest

from seqlense.project import preparing
from seqlense.project.environment import Environment


def test_folders_of_keystore_and_keys_are_made_and_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = Environment.read({"SEQLENSE_MODE": "test", "SEQLENSE_HOME": str(home)})
    for _ in range(2):
        preparing.folders(environment)
        assert {one.name: one.stat().st_mode & 0o777 for one in home.iterdir()} == {
            "keystore": 0o700,
            "epoch-keys": 0o700,
        }


def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SEQLENSE_MODE", "test")
    monkeypatch.setenv("SEQLENSE_HOME", str(tmp_path / "file" / "home"))
    assert preparing.main([]) == 3
    assert str(tmp_path / "file" / "home") in capsys.readouterr().err
