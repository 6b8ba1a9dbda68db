"""Two verifiers, ours and the script, accept the same proofs and refuse each kind of lie by its name."""

import base64
import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seqlense.privacy.log.note import Note, Signer
from seqlense.privacy.proofs import verifying
from seqlense.privacy.proofs.days import Days
from seqlense.privacy.proofs.errors import REASONS, Broken
from seqlense.privacy.proofs.proof_file import Opened, ProofFile
from seqlense.privacy.proofs.tokens import Authority as Roots
from seqlense.privacy.proofs.verifying import Brought
from tests.proofs.authority import Authority, established
from tests.proofs.logs import NOON, Log
from tools import verify_proofs

SCRIPT = Path(verify_proofs.__file__)
CODES = {
    "file": 2, "authority": 2, "checkpoint": 10, "key": 11, "entry": 12, "tile": 13, "consistency": 14,
    "timestamp": 15, "witness": 16, "bundle": 17,
}  # fmt: skip


def test_every_reason_has_its_exit_code() -> None:
    assert CODES.keys() == REASONS.keys()


def script(*arguments: str | Path) -> tuple[int, str]:
    """Exit code and all that the script said; run as an outsider runs it, alone."""
    run = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


def stamped(log: Log, vouching: Authority) -> ProofFile:
    """A proof with a timestamp."""
    roots = Roots.read(vouching.certificate).pem
    return log.proof([7, 255, 299], token=vouching.stamp(log.note), authority=roots)


def changed(proof: ProofFile, place: int, content: str) -> ProofFile:
    """With another content in one entry."""
    one = proof.entries[place]
    lie = dataclasses.replace(one, opened=Opened(one.opened.index, one.opened.salt, content))
    return dataclasses.replace(proof, entries=(*proof.entries[:place], lie, *proof.entries[place + 1 :]))


def test_an_honest_proof_file_holds(log: Log, vouching: Authority, tmp_path: Path) -> None:
    proof = stamped(log, vouching)
    found = verifying.file(proof.as_bytes(), Brought(key=log.key, log=log.folder))
    assert [one.index for one in found.acts] == [7, 255, 299]
    assert found.continued == (300,)
    assert len(found.stamped) == 1
    file = tmp_path / "mine.seqlense-proof.json"
    file.write_bytes(proof.as_bytes())
    code, said = script(file, "--key", log.key, "--log", log.folder, "--authority", vouching.certificate)
    assert code == 0, said
    assert "entry 255: privacy.erased" in said
    assert ProofFile.parse(proof.as_bytes()) == proof


def _entry(proof: ProofFile) -> ProofFile:
    return changed(proof, 1, proof.entries[1].opened.content.replace("erased", "eraseD"))


def _moved(proof: ProofFile) -> ProofFile:
    one = proof.entries[0]
    elsewhere = dataclasses.replace(one, opened=dataclasses.replace(one.opened, index=8))
    return dataclasses.replace(proof, entries=(elsewhere,))


def _path(proof: ProofFile) -> ProofFile:
    one = proof.entries[0]
    return dataclasses.replace(proof, entries=(dataclasses.replace(one, inclusion=one.inclusion[:-1]),))


def _checkpoint(proof: ProofFile) -> ProofFile:
    return dataclasses.replace(proof, checkpoint=proof.checkpoint.replace("\n300\n", "\n301\n"))


def _signature(proof: ProofFile) -> ProofFile:
    text = Note.parse(proof.checkpoint).text
    forged = Signer("log.example/log", bytes(32)).note(text)
    return dataclasses.replace(proof, checkpoint=forged)


def _token(proof: ProofFile) -> ProofFile:
    assert proof.token is not None
    token = bytearray(proof.token)
    token[-5] ^= 1
    return dataclasses.replace(proof, token=bytes(token))


@pytest.mark.parametrize(
    ("alter", "reason"),
    [
        (_entry, "entry"),
        (_moved, "entry"),
        (_path, "entry"),
        (_checkpoint, "checkpoint"),
        (_signature, "checkpoint"),
        (_token, "timestamp"),
    ],
)
def test_an_altered_proof_file_is_refused_with_its_reason(
    log: Log, vouching: Authority, tmp_path: Path, alter: Callable[[ProofFile], ProofFile], reason: str
) -> None:
    altered = alter(stamped(log, vouching)).as_bytes()
    with pytest.raises(Broken) as broken:
        verifying.file(altered, Brought())
    assert broken.value.code == reason
    file = tmp_path / "mine.seqlense-proof.json"
    file.write_bytes(altered)
    code, said = script(file)
    assert code == CODES[reason], said


def test_a_timestamp_is_refused_for_another_text_or_authority(
    log: Log, vouching: Authority, tmp_path: Path
) -> None:
    honest = stamped(log, vouching)
    other = established(tmp_path / "other")
    file, forged = tmp_path / "mine.json", tmp_path / "forged.json"
    file.write_bytes(honest.as_bytes())
    forged.write_bytes(dataclasses.replace(honest, token=vouching.stamp(b"another text")).as_bytes())
    for content, roots in ((forged, vouching), (file, other)):
        with pytest.raises(Broken) as broken:
            verifying.file(content.read_bytes(), Brought(authority=Roots.read(roots.certificate)))
        assert broken.value.code == "timestamp"
        assert script(content, "--authority", roots.certificate)[0] == CODES["timestamp"]


def test_another_key_is_refused_even_if_everything_else_holds(log: Log, tmp_path: Path) -> None:
    other = str(Signer.new("log.example/log").verifier)
    file = tmp_path / "mine.json"
    file.write_bytes(log.proof([1]).as_bytes())
    with pytest.raises(Broken) as broken:
        verifying.file(file.read_bytes(), Brought(key=other))
    assert broken.value.code == "key"
    assert script(file, "--key", other)[0] == CODES["key"]


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format":"seqlense-proof/1"}', b"\xff\x00"])
def test_what_is_no_proof_file_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(Broken) as broken:
        verifying.file(content, Brought())
    assert broken.value.code == "file"
    file = tmp_path / "mine.json"
    file.write_bytes(content)
    code, said = script(file)
    assert code == CODES["file"]
    assert "Traceback" not in said


def test_a_log_that_grows_continues_what_was_seen_and_a_rewritten_one_does_not(
    log: Log, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.json"
    mine.write_bytes(log.proof([1]).as_bytes())
    log.grow(700)
    later = tmp_path / "later.json"
    later.write_bytes(log.proof([999]).as_bytes())
    found = verifying.file(later.read_bytes(), Brought(log=log.folder, against=mine.read_bytes()))
    assert found.continued == (1000, 300)
    assert script(later, "--log", log.folder, "--against", mine)[0] == 0
    rewritten = Log(tmp_path / "rewritten", signer=log.signer)
    rewritten.opened = [dataclasses.replace(log.opened[0], content=log.opened[0].content + " ")]
    rewritten.tiles.append(0, [rewritten.opened[0].digest])
    rewritten.grow(999)
    shorter = Log(tmp_path / "shorter", signer=log.signer)
    shorter.grow(200)
    for lie in (rewritten, shorter):
        with pytest.raises(Broken) as broken:
            verifying.file(mine.read_bytes(), Brought(log=lie.folder))
        assert broken.value.code == "consistency"
        assert script(mine, "--log", lie.folder)[0] == CODES["consistency"]
        for against in (Brought(against=mine.read_bytes()),):
            with pytest.raises(Broken) as broken:
                verifying.log(lie.folder, log.signer.verifier, against)
            assert broken.value.code == "consistency"
        assert script(lie.folder, "--key", log.key, "--against", mine)[0] == CODES["consistency"]


def copied(log: Log, vouching: Authority, folder: Path) -> Path:
    """A copy of the log of 70,000 entries with one stamped day."""
    days = Days(log.folder)
    days.note(log.note, now=NOON)
    [day] = days.all()
    days.keep(day, vouching.stamp(day.note), Roots.read(vouching.certificate))
    shutil.copytree(log.folder, folder)
    return folder


def _flipped(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("path", "at", "reason"),
    [
        ("tile/0/000", 40, "tile"),
        ("tile/0/001.p/44", 3, "tile"),
        ("tile/1/000.p/1", 0, "tile"),
        ("tile/entries/000", 50, "entry"),
        ("tile/entries/001.p/44", 5, "entry"),
        ("checkpoint", 17, "checkpoint"),
        ("timestamps/2026-11-23.checkpoint", 17, "checkpoint"),
        ("timestamps/2026-11-23.tsr", -4, "timestamp"),
    ],
)
def test_a_full_scan_finds_the_one_altered_bit(
    log: Log, vouching: Authority, tmp_path: Path, path: str, at: int, reason: str
) -> None:
    copy = copied(log, vouching, tmp_path / "copy")
    found = verifying.log(copy, log.signer.verifier, Brought())
    assert found.scanned
    assert [name for name, _moment in found.stamped] == ["2026-11-23"]
    assert script(copy, "--key", log.key)[0] == 0
    _flipped(copy / path, at)
    with pytest.raises(Broken) as broken:
        verifying.log(copy, log.signer.verifier, Brought())
    assert broken.value.code == reason
    code, said = script(copy, "--key", log.key)
    assert code == CODES[reason], said


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001.p/44", "tile/entries/000", "tile/1/000.p/1"])
def test_a_missing_tile_is_named(log: Log, path: str) -> None:
    (log.folder / path).unlink()
    with pytest.raises(Broken) as broken:
        verifying.log(log.folder, log.signer.verifier, Brought())
    assert broken.value.code == "tile"
    code, said = script(log.folder, "--key", log.key)
    assert code == CODES["tile"]
    assert path.partition(".p")[0] in said


def test_the_script_needs_nothing_of_ours_and_is_short_enough_to_read() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert "import seqlense" not in text
    assert "from seqlense" not in text
    assert len(text.splitlines()) < 600


def test_the_published_file_is_what_its_description_says(log: Log, vouching: Authority) -> None:
    raw = json.loads(stamped(log, vouching).as_bytes())
    assert raw["format"] == "seqlense-proof/1"
    assert raw["explanation"].keys() == {"fr", "en"}
    assert base64.b64decode(raw["timestamp"]["token"])
    assert raw["entries"][0].keys() == {"index", "salt", "content", "inclusion"}
