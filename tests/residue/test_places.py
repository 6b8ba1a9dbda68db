"""Which files are read, which can't be, and how that is said."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from seqlense.privacy import residue
from seqlense.privacy.residue import Unread, errors, packed, streams
from tests.residue.planting import MARKERS, NOISE, PLAIN, SCANNER, WORD, found, zipped


def test_folders_are_searched_through_links_and_each_file_once(tmp_path: Path) -> None:
    inner, space = tmp_path / "data" / "base", tmp_path / "elsewhere"
    inner.mkdir(parents=True)
    space.mkdir()
    (inner / "1").write_text(PLAIN)
    os.link(inner / "1", inner / "1.again")
    (space / "2").write_text(PLAIN)
    (inner / "space").symlink_to(space)
    (inner / "circle").symlink_to(tmp_path / "data")
    (inner / "nowhere").symlink_to(tmp_path / "nothing")
    os.mkfifo(inner / "pipe")
    met = found(tmp_path / "data", inner)
    assert sorted(Path(one.path).name for one in met) == ["1", "2"]


def test_a_name_is_a_place_and_is_not_repeated(tmp_path: Path) -> None:
    folder = tmp_path / f"export {WORD.lower()}"
    folder.mkdir()
    (folder / f"{PLAIN}.txt").write_text("nothing")
    met = found(tmp_path)
    assert {(one.marker, one.form) for one in met} == {(1, "name"), (2, "name")}
    assert {one.path for one in met} == {f"{tmp_path}/<marker 1>", f"{tmp_path}/<marker 1>/<marker 2>"}
    control = tmp_path / "a\x1b[2Jb\udcff"
    control.write_text(PLAIN)
    assert any(one.path.endswith("a\\x1b[2Jb\\udcff") for one in found(tmp_path))


def test_what_is_not_searched_is_said(tmp_path: Path) -> None:
    archive = bytearray(zipped(PLAIN.encode() * 9))
    archive[6] |= 1  # as an encrypted member says
    (tmp_path / "locked.zip").write_bytes(archive)
    findings = SCANNER.scan([tmp_path, tmp_path / "missing"])
    assert Unread(str(tmp_path / "missing"), "missing") in findings.unread
    assert Unread(str(tmp_path / "locked.zip"), "encrypted", 0) in findings.unread
    assert not findings.clean


def test_traps_are_left_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nested = PLAIN.encode()
    for _ in range(streams.DEEPEST + 2):
        nested = zipped(nested)
    (tmp_path / "deep").write_bytes(nested)
    assert {one.reason for one in SCANNER.scan([tmp_path / "deep"]).unread} == {"too-deep"}

    monkeypatch.setattr(packed, "BEYOND_MEASURE", (1 << 22, 100))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(50_000_000))
    (tmp_path / "bomb").write_bytes(bomb.getvalue())
    assert {one.reason for one in SCANNER.scan([tmp_path / "bomb"]).unread} == {"beyond-measure"}


def test_files_that_go_away_meanwhile_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(NOISE)
    (tmp_path / "b").write_bytes(NOISE)

    def remove(_done: int, _total: int) -> None:
        (tmp_path / "b").unlink(missing_ok=True)

    findings = residue.scan([tmp_path], MARKERS, progress=remove)
    assert (findings.files, findings.unread) == (2, ())


def test_a_search_for_nothing_or_for_next_to_nothing_is_refused() -> None:
    with pytest.raises(errors.NoMarkers):
        residue.scan([], ())
    with pytest.raises(errors.NoMarkers):
        residue.typed("\n\n")
    with pytest.raises(errors.MarkerTooShort):
        residue.typed("zorvalkine\nInes")
