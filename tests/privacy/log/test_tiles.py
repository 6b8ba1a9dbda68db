"""The files on the disk are a log to others too: read by a second implementation, and by Go's sumdb."""

import os
import shutil
import subprocess
from pathlib import Path

import aics_tlog
import pytest

from seqlense.privacy.log import merkle, note, tiles
from seqlense.privacy.log.errors import LogDamaged, LogFull
from tests.privacy.log.growing import ORIGIN, SIZES, entry, grow

GO_SOURCE = Path("/usr/share/gocode")
VERIFIER = Path(__file__).with_name("sumdb.go")


@pytest.fixture(scope="module")
def signer() -> note.Signer:
    return note.Signer.new(ORIGIN)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, signer: note.Signer) -> tiles.Tiles:
    return grow(tmp_path_factory.mktemp("log"), SIZES, signer)


def test_paths_are_those_of_the_specification() -> None:
    assert tiles.path_of(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.path_of("entries", 273, 112) == "tile/entries/273.p/112"
    for index in (0, 999, 1000, 999_999, 1_000_000):
        path = tiles.path_of(3, index, 17)
        assert path == aics_tlog.tiles.tile_path(3, index, 17)
        assert tiles.is_path(path)
    for wrong in (
        "tile/0/x000/001",
        "tile/0/1",
        "tile/00/001",
        "tile/64/001",
        "tile/0/001.p/256",
        "tile/0/001.p/0",
        "tile/0/../../../etc/passwd",
        "tile/0/001/",
        "tile/0/001\n",
        "journal.jsonl",
        "checkpoint",
    ):
        assert not tiles.is_path(wrong), wrong


def test_a_second_implementation_finds_the_same_tree(grown: tiles.Tiles, signer: note.Signer) -> None:
    size = SIZES[-1]
    head = note.opened(grown.checkpoint() or b"", signer.verifier)
    reader = aics_tlog.FileSystemTileReader(grown.folder)
    report = aics_tlog.audit_tiles(reader, head.size, head.root)
    assert (head.size, report.bundles) == (size, 274)
    nodes = grown.nodes(size)
    for index in (0, 255, 256, 69_887, 69_999):
        assert merkle.inclusion(index, size, nodes) == aics_tlog.inclusion_proof_from_tiles(
            reader, index, size
        )
        assert list(grown.entries(index, index + 1, size)) == [entry(index)]
    for old in SIZES[:-1]:
        assert merkle.consistency(old, size, nodes) == aics_tlog.consistency_proof_from_tiles(
            reader, old, size
        )
    # A tile's parts go once it is full; those of the tree as it is stay.
    assert not (grown.folder / "tile/0/000.p").exists()
    assert (grown.folder / "tile/entries/273.p/112").is_file()


def test_go_finds_the_same_tree(grown: tiles.Tiles, signer: note.Signer) -> None:
    go = shutil.which("go")
    if go is None or not (GO_SOURCE / "src/golang.org/x/mod/sumdb").is_dir():
        pytest.skip("needs Go and its module sumdb: apt-get install golang-go golang-golang-x-mod-dev")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_SOURCE), "GOFLAGS": ""}
    command = [go, "run", str(VERIFIER), str(grown.folder), str(signer.verifier), "0", "255", "256", "69999"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["size", "70000", "entries", "70000", "proofs", "4"]


def test_what_was_cut_off_before_the_checkpoint_is_written_again(tmp_path: Path, signer: note.Signer) -> None:
    kept = grow(tmp_path / "log", (5, 250), signer)
    kept.append(250, [entry(number) for number in range(250, 259)])  # the process dies before `publish`
    again = tiles.Tiles(kept.folder)
    root = again.append(250, [entry(number) for number in range(250, 256)])
    straight = grow(tmp_path / "straight", (5, 250, 256), signer)
    assert root == straight.root(256)


def test_damage_is_noticed(tmp_path: Path, signer: note.Signer) -> None:
    kept = grow(tmp_path, (300,), signer)
    (tmp_path / "tile/0/001.p/44").unlink()
    with pytest.raises(LogDamaged, match=r"tile/0/001\.p/44 is missing"):
        kept.root(300)
    cut = tmp_path / "tile/entries/000"
    cut.write_bytes(cut.read_bytes()[:-1])
    with pytest.raises(LogDamaged):
        list(kept.entries(0, 256, 300))


def test_a_full_disk_is_said(tmp_path: Path, signer: note.Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = grow(tmp_path, (5,), signer)

    def refuse(_: int) -> None:
        raise OSError(28, os.strerror(28))

    before = kept.checkpoint()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(LogFull, match="No space left"):
            kept.append(5, [entry(5)])
        with pytest.raises(LogFull):
            kept.publish(b"never seen")
    assert kept.checkpoint() == before
    kept.append(5, [entry(5)])
