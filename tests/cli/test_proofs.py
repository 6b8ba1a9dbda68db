"""`seqlense proofs` and `seqlense evidence`: made, verified, refused with a reason."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seqlense.kit import clock
from seqlense.privacy import access, erasure, log, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import RightsRequest
from tests.cli.conftest import Command
from tests.proofs import authority

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def log_folder(settings: Any, tmp_path: Path) -> Path:
    settings.SEQLENSE_LOG = tmp_path / "log"
    settings.SEQLENSE_LOG_KEY = tmp_path / "key" / "log.key"
    settings.SEQLENSE_LOG_ORIGIN = "log.example/log"
    return tmp_path / "log"


@pytest.fixture
def request_of_somebody(log_folder: Path) -> RightsRequest:
    """A request for a copy, answered and sealed."""
    now = clock.now()
    person = subjects.create(now=now)
    access.copy_of(person, actor=Actor.person(person), now=now)
    log.seal(now=now)
    return RightsRequest.objects.get(subject_id=person)


def test_a_proof_is_made_verified_and_refused_once_altered(
    command: Command, request_of_somebody: RightsRequest, log_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.seqlense-proof.json"
    made = command("proofs", "make", str(request_of_somebody.pk), "--output", str(file), "--json")
    assert made.code == 0, made.err
    assert made.document["entries"] == 3
    assert file.stat().st_mode & 0o077 == 0
    verified = command("proofs", "verify", str(file), "--log", str(log_folder))
    assert verified.code == 0, verified.err
    assert "privacy.packaged" in verified.out
    assert "No outside timestamp" in verified.out
    assert command("proofs", "make", str(request_of_somebody.pk), "-o", str(file)).code == 3
    file.write_text(file.read_text().replace("packaged", "packagee"))
    refused = command("proofs", "verify", str(file), "--json")
    assert refused.code == 1
    assert refused.document["error"]["code"] == "proof-entry"
    nobody = command("proofs", "make", "01a20000-0000-7000-8000-000000000000", "-o", str(tmp_path / "no"))
    assert nobody.code == 1
    assert not (tmp_path / "no").exists()


def test_the_proof_of_an_erasure_can_be_made_for_a_letter(
    command: Command, request_of_somebody: RightsRequest, tmp_path: Path
) -> None:
    now, person = clock.now(), request_of_somebody.subject_id
    erasure.erase(person, actor=Actor.person(person), now=now, channel="post")
    log.seal(now=now)
    erased = RightsRequest.objects.get(subject_id=person, kind="erasure")
    file = tmp_path / "letter.json"
    assert command("proofs", "make", str(erased.pk), "-o", str(file)).code == 0
    [entry] = json.loads(file.read_text())["entries"]
    assert json.loads(entry["content"])["kind"] == "privacy.erased"


def test_the_log_of_the_house_is_scanned_with_its_own_key(
    command: Command, request_of_somebody: RightsRequest, log_folder: Path
) -> None:
    verified = command("proofs", "verify", str(log_folder), "--json")
    assert verified.code == 0, verified.err
    assert verified.document["scanned"]
    (log_folder / "checkpoint").write_text("nothing")
    assert command("proofs", "verify", str(log_folder)).code == 1


def test_a_day_waits_while_the_authority_is_away(
    command: Command, request_of_somebody: RightsRequest, settings: Any, tmp_path: Path
) -> None:
    assert "No timestamp authority" in command("proofs", "status").out
    with authority.serving(tmp_path / "authority") as asked:
        settings.SEQLENSE_TIMESTAMP_URL, settings.SEQLENSE_TIMESTAMP_CA = asked.url, asked.certificate
        asked.away = True
        waiting = command("proofs", "stamp", "--json")
        assert waiting.code == 1
        assert waiting.document["waiting"] == [f"{datetime.now(UTC).date()}"]
        assert "Waiting for a timestamp" in command("proofs", "status").out
        asked.away = False
        assert command("proofs", "stamp").code == 0
        assert command("proofs", "status", "--json").document["last"]["day"]


def test_evidence_is_created_and_verified(
    command: Command, request_of_somebody: RightsRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seqlense.privacy import running

    monkeypatch.setattr(running, "_enlisted", set())
    log.seal(now=clock.now())
    packed = tmp_path / "evidence.zip"
    made = command("evidence", "create", "--to", str(packed), "--json")
    assert made.code == 0, made.err
    assert command("evidence", "create", "--to", str(packed)).code == 2
    assert command("evidence", "create", "--to", str(tmp_path / "x"), "--as-of", "2999-01-01").code == 2
    verified = command("proofs", "verify", str(packed))
    assert verified.code == 0, verified.err
    assert "Every tile" in verified.out
