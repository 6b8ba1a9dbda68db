"""`seqlense residue scan`: markers from people, files and pipes; what it finds, and what it never says."""

import gzip
import os
from pathlib import Path
from typing import Any

import pytest

from seqlense.privacy import residue
from seqlense.privacy.models import Act, StaffAct
from seqlense.privacy.residue import sealed_file
from tests import cast
from tests.cli.conftest import Command

PASSPHRASE = "eight words would be better still"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where nothing is left of anybody."""
    place = tmp_path / "disk"
    place.mkdir()
    (place / "journal.log").write_bytes(b"started\n" * 1000 + os.urandom(5000))
    return place


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    return file


@pytest.mark.django_db
def test_a_person_s_own_values_are_sought_and_never_said(
    command: Command, disk: Path, passphrase: Path, tmp_path: Path
) -> None:
    person = cast.person("Ines Quelvaneyer", "ines@quelvaneyer.example")
    who, markers = str(person.subject_id), tmp_path / "markers.sealed"

    saved = command(
        *("residue", "scan", "--subject", who, "--save", str(markers)),
        *("--passphrase-file", str(passphrase), "--reason", "a letter"),
    )
    assert saved.code == 0, saved.err
    assert markers.stat().st_mode & 0o777 == 0o600
    assert b"uelvaneyer" not in markers.read_bytes()
    assert Act.objects.filter(kind="privacy.read", subject=person.subject_id).exists()
    assert StaffAct.objects.get(kind="privacy.read").reason == "a letter"

    searching = (
        *("residue", "scan", "--marker-file", str(markers), "--passphrase-file", str(passphrase)),
        *("--only", "--place", str(disk)),
    )
    clean = command(*searching)
    assert (clean.code, "0 finding" in clean.out) == (0, True), clean.out + clean.err

    (disk / "old.gz").write_bytes(b"..." + gzip.compress(b"to INES@quelvaneyer.example, Ines Quelvaneyer"))
    found = command(*searching, "--json")
    assert found.code == 1
    told = {(one["about"], one["path"], one["offset"], *one["inside"]) for one in found.document["found"]}
    old = str(disk / "old.gz")
    assert told == {(f"accounts.{item} {who}", old, 3, "gzip") for item in ("email", "name")}
    for said in (found, command(*searching)):
        assert said.code == 1
        assert "quelvaneyer" not in (said.out + said.err).lower()


@pytest.mark.django_db
def test_an_installation_is_searched_wherever_it_keeps_things(
    command: Command, settings: Any, tmp_path: Path
) -> None:
    for name in ("HOME", "EPOCH_KEYS", "BACKUPS", "LOG"):
        setattr(settings, f"SEQLENSE_{name}", tmp_path / name)
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes("Éluvénthe, left here".encode("utf-16-be"))
    settings.SEQLENSE_EPOCH_KEYS_2 = tmp_path / "HOME" / "inner"
    said = command("residue", "scan", "--marker-file", "-", "--json", piped="éluvénthe\n")
    assert said.code == 1
    files = {one["path"] for one in said.document["found"]}
    assert {str(tmp_path / name / "file") for name in ("HOME", "EPOCH_KEYS", "BACKUPS", "LOG")} <= files
    assert str(tmp_path / "HOME" / "inner") not in said.document["places"]
    assert said.document["elsewhere"] == ["DATABASE_URL"]
    asking = command("residue", "scan", "--marker-file", "-", piped="zorvalkine\n")
    assert (asking.code, "DATABASE_URL" in asking.out) == (0, True)
    server = tmp_path / "server" / "18" / "main"
    (server / "base").mkdir(parents=True)
    (server / "PG_VERSION").write_text("18\n")
    given = command(
        *("residue", "scan", "--marker-file", "-", "--place", str(tmp_path / "server"), "--json"),
        piped="zorvalkine\n",
    )
    assert given.document["elsewhere"] == []


def test_what_cannot_be_read_is_said(command: Command, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Path.open

    def refuse(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name == "journal.log":
            raise PermissionError(13, "Permission denied", str(self))
        return inner(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    searching = ("residue", "scan", "--marker-file", "-", "--only", "--place", str(disk))
    said = command(*searching, piped="zorvalkine\n")
    assert said.code == 3
    assert "no right to read" in said.out
    told = command(*searching, "--json", piped="zorvalkine\n").document["unread"]
    assert [(Path(one["path"]).name, one["reason"]) for one in told] == [("journal.log", "denied")]
    (disk / "beside").write_bytes(b"Zorvalkine")
    assert command(*searching, piped="zorvalkine\n").code == 1


@pytest.mark.parametrize(
    ("arguments", "piped", "said"),
    [
        ((), "", "--subject"),
        (("--marker-file", "-", "--only"), "zorvalkine", "--place"),
        (("--marker-file", "-", "--subject", "01a2b3c4-0000-7000-8000-000000000000"), "", "--subject"),
        (("--marker-file", "-", "--only", "--place", "."), "\n \n", "no marker"),
        (("--marker-file", "-", "--only", "--place", "."), "zorvalkine\nines\n", "Marker 2"),
        (("--marker-file", "-", "--only", "--place", "."), "\udcff\udcfe", "UTF-8"),
    ],
    ids=["nothing", "nowhere", "both", "empty", "short", "binary"],
)
def test_bad_questions_are_refused_and_not_repeated(
    command: Command, arguments: tuple[str, ...], piped: str, said: str
) -> None:
    answer = command("residue", "scan", *arguments, piped=piped.encode("utf-8", "surrogateescape"))
    assert answer.code == 2
    assert said in answer.err
    assert "ines" not in answer.err


def test_a_sealed_file_opens_for_its_passphrase_alone(
    command: Command, disk: Path, passphrase: Path, tmp_path: Path
) -> None:
    file = tmp_path / "sealed"
    content = sealed_file.seal(residue.typed("zorvalkine\nÉluvénthe"), PASSPHRASE)
    searching = ("residue", "scan", "--marker-file", str(file), "--only", "--place", str(disk))
    for altered in (content[:-1] + bytes([content[-1] ^ 1]), content[:60]):
        file.write_bytes(altered)
        assert command(*searching, "--passphrase-file", str(passphrase)).code == 2
    file.write_bytes(content)
    assert command(*searching, "--passphrase-file", str(passphrase)).code == 0
    assert "nobody to ask" in command(*searching).err
    passphrase.write_text("another passphrase", encoding="utf-8")
    assert "doesn't open" in command(*searching, "--passphrase-file", str(passphrase)).err
    assert [one.text for one in sealed_file.unseal(content, PASSPHRASE)] == ["zorvalkine", "Éluvénthe"]
