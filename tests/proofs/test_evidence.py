"""A bundle of evidence stands alone, before and after later erasures; and each altered file is refused."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from seqlense.kit import clock
from seqlense.privacy import access, acts, erasure, evidence, log, proofs, retention, running, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.evidence import Bundle
from seqlense.privacy.proofs import verifying
from seqlense.privacy.proofs.errors import Broken
from seqlense.privacy.proofs.verifying import Brought
from tests.proofs.authority import Authority
from tests.proofs.test_verifying import CODES, script

pytestmark = pytest.mark.django_db(transaction=True)
OFFICER = Actor.system("tests")


@pytest.fixture
def now() -> datetime:
    """The true moment: the authority has a clock of its own."""
    return clock.now()


@pytest.fixture
def people(stamps: Authority, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Two who are there; one who was erased; a sweep; a reading by staff; a stamped day."""
    monkeypatch.setattr(running, "_enlisted", set())  # the database was emptied since it was filled
    found = [subjects.create(now=now) for _ in range(3)]
    for one in found:
        access.copy_of(one, actor=Actor.person(one), now=now)
    staff = Actor.staff(found[0])
    acts.record_staff("privacy.read", actor=staff, subject=found[1], reason="Zwetschgenkuchen", now=now)
    erasure.erase(found[2], actor=Actor.person(found[2]), now=now)
    retention.run(now=now, actor=Actor.system("retention"))
    log.seal(now=now)
    proofs.stamp(now=now)
    return found


def made(to: Path, now: datetime) -> Bundle:
    return evidence.create(to, as_of=now.astimezone(UTC).date(), actor=OFFICER, now=now)


def holds(place: Path, stamps: Authority, *more: str | Path) -> str:
    """What the bundle's own script says, after ours has agreed."""
    verifying.anything(place, Brought())
    code, said = script(place, "--authority", stamps.certificate, *more)
    assert code == 0, said
    return said


def test_a_bundle_holds_what_an_authority_asks_for(
    people: list[UUID], stamps: Authority, tmp_path: Path, now: datetime
) -> None:
    folder = tmp_path / "evidence"
    bundle = made(folder, now)
    assert bundle.gathered.acts["privacy.erased"] == 1
    assert bundle.gathered.runs == 1
    assert bundle.gathered.readings == 1
    assert bundle.stamped == 1
    said = holds(folder, stamps)
    assert "timestamp:" in said
    manifest = json.loads((folder / "evidence.json").read_text())
    assert manifest["register_version"] == running.register().version
    assert json.loads((folder / "staff-readings.json").read_text()) == [
        {"month": f"{now.astimezone(UTC):%Y-%m}", "kind": "privacy.read", "times": 1}
    ]
    assert (folder / "register" / f"{running.register().version}.json").is_file()
    page = (folder / "index.html").read_text()
    assert "<script" not in page
    assert "http" not in page
    assert 'lang="fr"' in page
    assert 'lang="en"' in page
    assert "privacy.erased" in page
    everything = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert b"Zwetschgenkuchen" not in everything
    assert str(people[1]).encode() not in everything, "whom the staff read about is not told"


def test_it_still_verifies_after_later_erasures_and_a_later_one_opens_less(
    people: list[UUID], stamps: Authority, tmp_path: Path, now: datetime
) -> None:
    first = tmp_path / "first"
    made(first, now)
    erasure.erase(people[0], actor=Actor.person(people[0]), now=now)
    erasure.erase(people[1], actor=Actor.person(people[1]), now=now)
    log.seal(now=now)
    second = tmp_path / "second"
    bundle = made(second, now)
    assert bundle.gathered.acts["privacy.erased"] == 3
    assert holds(first, stamps)
    assert "continues" in holds(second, stamps, "--against", first / "log" / "checkpoint")
    code, _said = script(first, "--against", second / "log" / "checkpoint")
    assert code == CODES["consistency"]


def test_what_came_after_the_day_is_a_bare_hash(
    people: list[UUID], stamps: Authority, tmp_path: Path, now: datetime
) -> None:
    yesterday = (now - timedelta(days=1)).astimezone(UTC).date()
    bundle = evidence.create(tmp_path / "before", as_of=yesterday, actor=OFFICER, now=now)
    assert bundle.gathered.acts == {}
    assert bundle.gathered.version is None
    assert bundle.size == log.head().size
    assert holds(tmp_path / "before", stamps)
    with pytest.raises(evidence.NotYet):
        evidence.create(tmp_path / "no", as_of=(now + timedelta(days=2)).date(), actor=OFFICER, now=now)


def test_a_zip_is_the_same_and_nothing_is_written_over(
    people: list[UUID], tmp_path: Path, now: datetime
) -> None:
    packed = tmp_path / "evidence.zip"
    bundle = made(packed, now)
    assert packed.stat().st_mode & 0o077 == 0
    assert zipfile.ZipFile(packed).testzip() is None
    assert len(zipfile.ZipFile(packed).namelist()) == bundle.files
    assert verifying.anything(packed, Brought()).scanned
    for place in (packed, tmp_path):
        with pytest.raises(evidence.PlaceTaken):
            made(place, now)
    buffer = io.BytesIO()
    today = now.astimezone(UTC).date()
    evidence.write(buffer, as_of=today, actor=OFFICER, now=now)
    with zipfile.ZipFile(buffer) as again:
        assert json.loads(again.read("evidence.json"))["log_size"] == bundle.size


def test_making_one_is_recorded_or_leaves_nothing(
    people: list[UUID], tmp_path: Path, now: datetime, log_folder: Path
) -> None:
    from seqlense.privacy.records import Act

    made(tmp_path / "good", now)
    assert Act.objects.filter(kind="privacy.evidence_made").count() == 1
    (log_folder / "tile" / "0").rename(log_folder / "away")
    for place in ("bad", "bad.zip"):
        with pytest.raises(Exception, match="missing"):
            made(tmp_path / place, now)
    assert Act.objects.filter(kind="privacy.evidence_made").count() == 1
    assert {file.name for file in tmp_path.iterdir()} >= {"good"}
    assert not list(tmp_path.glob("bad*"))


def _line(folder: Path) -> None:
    file = folder / "acts.jsonl"
    file.write_text(file.read_text().replace("privacy.erased", "privacy.erasee"))


def _run(folder: Path) -> None:
    file = folder / "retention-runs.json"
    file.write_text(file.read_text().replace("done", "gone"))


def _manifest(folder: Path) -> None:
    file = folder / "evidence.json"
    file.write_text(file.read_text().replace("staff_readings", "staff_reading"))


def _register(folder: Path) -> None:
    next(folder.glob("register/????????????????????????????????*.json")).unlink()


def _entry(folder: Path) -> None:
    file = next((folder / "log" / "tile" / "entries").rglob("[0-9]*[0-9]"))
    file = file if file.is_file() else next(file.iterdir())
    content = bytearray(file.read_bytes())
    content[5] ^= 1
    file.write_bytes(bytes(content))


def _root(folder: Path) -> None:
    file = folder / "log" / "timestamps" / "authority.pem"
    file.write_text(file.read_text() + "\n")


@pytest.mark.parametrize(
    ("alter", "reason"),
    [
        (_line, "bundle"), (_run, "bundle"), (_manifest, "bundle"), (_register, "bundle"), (_entry, "entry"),
        (_root, "bundle"),
    ],
)  # fmt: skip
def test_each_altered_file_is_refused(
    people: list[UUID], tmp_path: Path, now: datetime, alter: Callable[[Path], None], reason: str
) -> None:
    folder = tmp_path / "evidence"
    made(folder, now)
    alter(folder)
    with pytest.raises(Broken) as broken:
        verifying.anything(folder, Brought())
    assert broken.value.code == reason
    code, said = script(folder)
    assert code == CODES[reason], said
