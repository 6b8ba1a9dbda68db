"""The proof of a request: made from the real log, verified by both verifiers, honest about what is gone."""

import dataclasses
import json
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings

from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import access, acts, erasure, log, proofs, requests, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.log.errors import NotSealed
from seqlense.privacy.proofs import verifying
from seqlense.privacy.proofs.errors import Broken, NothingToProve
from seqlense.privacy.proofs.proof_file import ProofFile
from seqlense.privacy.proofs.verifying import Brought
from seqlense.privacy.records import RightsRequest
from tests.proofs import witness
from tests.proofs.authority import Authority
from tests.proofs.test_verifying import CODES, script

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    """The true moment: the authority has a clock of its own."""
    return clock.now()


@pytest.fixture
def alice(log_folder: Path, now: datetime) -> UUID:
    """Somebody known."""
    return subjects.create(now=now)


def asked_for_a_copy(alice: UUID, now: datetime) -> RightsRequest:
    """Her request for a copy, answered at once, with things recorded before and after."""
    for number in range(3):
        acts.record("tests.done", actor=Actor.system("tests"), now=now, number=number)
    access.copy_of(alice, actor=Actor.person(alice), now=now)
    acts.record("tests.beside", actor=Actor.system("tests"), now=now, subject=alice)
    acts.record("tests.later", actor=Actor.person(alice), now=now + timedelta(seconds=1), subject=alice)
    return RightsRequest.objects.get(subject_id=alice)


def kinds(proof: ProofFile) -> list[str]:
    return [one.opened.act["kind"] for one in proof.entries]


def holds(proof: ProofFile, tmp_path: Path, *more: str | Path) -> str:
    """What the outsider's script says, after ours has agreed."""
    verifying.file(proof.as_bytes(), Brought())
    file = tmp_path / "mine.seqlense-proof.json"
    file.write_bytes(proof.as_bytes())
    code, said = script(file, *more)
    assert code == 0, said
    return said


def test_a_request_is_proven_by_one_file(
    alice: UUID, log_folder: Path, tmp_path: Path, now: datetime
) -> None:
    request = asked_for_a_copy(alice, now)
    with pytest.raises(NotSealed):
        proofs.file_of(request.pk, subject=alice, now=now)
    log.seal(now=now)
    proof = proofs.file_of(request.pk, subject=alice, now=now)
    assert kinds(proof) == ["privacy.request_received", "privacy.request_answered", "privacy.packaged"]
    assert {one.opened.act["subject"] for one in proof.entries} == {str(alice)}
    assert proof.token is None
    said = holds(proof, tmp_path, "--log", log_folder)
    assert "timestamp: none yet" in said
    with pytest.raises(NothingToProve):
        proofs.file_of(request.pk, subject=subjects.create(now=now), now=now)
    with pytest.raises(NothingToProve):
        proofs.file_of(uuid7(), subject=alice, now=now)


def test_the_first_stamped_day_that_covers_it_is_chosen(
    alice: UUID, stamps: Authority, log_folder: Path, tmp_path: Path, now: datetime
) -> None:
    earlier = now - timedelta(days=2)
    acts.record("tests.done", actor=Actor.system("tests"), now=earlier)
    log.seal(now=earlier)
    proofs.stamp(now=earlier)  # refused: the authority's clock is days ahead of that, so the day waits
    request = asked_for_a_copy(alice, now)
    log.seal(now=now)
    assert len(proofs.stamp(now=now).stamped) == 2
    acts.record("tests.done", actor=Actor.system("tests"), now=now)
    log.seal(now=now)
    proof = proofs.file_of(request.pk, subject=alice, now=now)
    assert f"\n{log.head().size - 1}\n" in proof.checkpoint
    said = holds(proof, tmp_path, "--authority", stamps.certificate, "--log", log_folder)
    assert "all this existed on" in said


def test_a_file_without_a_timestamp_finds_one_in_the_log_later(
    alice: UUID, stamps: Authority, log_folder: Path, tmp_path: Path, now: datetime
) -> None:
    request = asked_for_a_copy(alice, now)
    log.seal(now=now)
    proof = proofs.file_of(request.pk, subject=alice, now=now)
    assert "none yet" in holds(proof, tmp_path, "--log", log_folder)
    proofs.stamp(now=now)
    acts.record("tests.done", actor=Actor.system("tests"), now=now)
    log.seal(now=now)
    said = holds(proof, tmp_path, "--log", log_folder, "--authority", stamps.certificate)
    assert "found in the log: all this existed on" in said


def test_a_witness_s_signature_travels_in_the_file_and_is_missed_when_taken_out(
    alice: UUID, log_folder: Path, tmp_path: Path, now: datetime, settings: LazySettings
) -> None:
    request = asked_for_a_copy(alice, now)
    log.seal(now=now)
    with witness.serving(str(log.place.verifier())) as watching:
        settings.SEQLENSE_WITNESSES = ((watching.url, watching.key),)
        proofs.cosign(now=now)
        proof = proofs.file_of(request.pk, subject=alice, now=now)
    assert proof.witnesses == (watching.key,)
    assert "saw this checkpoint on" in holds(proof, tmp_path, "--witness", watching.key)
    without = "".join(proof.checkpoint.splitlines(keepends=True)[:-1])
    lie = dataclasses.replace(proof, checkpoint=without, witnesses=())
    with pytest.raises(Broken) as broken:
        verifying.file(lie.as_bytes(), Brought(witnesses=(watching.key,)))
    assert broken.value.code == "witness"
    file = tmp_path / "lie.json"
    file.write_bytes(lie.as_bytes())
    assert script(file, "--witness", watching.key)[0] == CODES["witness"]
    assert script(file)[0] == 0


def test_after_an_erasure_the_decision_opens_it_and_the_request_while_the_law_keeps_it(
    alice: UUID, tmp_path: Path, now: datetime
) -> None:
    copied = asked_for_a_copy(alice, now - timedelta(minutes=1))
    decision = erasure.erase(alice, actor=Actor.person(alice), now=now)
    log.seal(now=now)
    assert decision.act is not None
    assert decision.salt is not None
    proof = proofs.file_of_acts([decision.act], salts={decision.act: decision.salt}, now=now)
    [entry] = proof.entries
    assert entry.opened.act["kind"] == "privacy.erased"
    assert holds(proof, tmp_path)
    kept = proofs.file_of(UUID(entry.opened.act["detail"]["request"]), subject=alice, now=now)
    assert kept.entries == proof.entries
    answered = proofs.file_of(copied.pk, subject=alice, now=now)
    assert kinds(answered) == ["privacy.request_answered"], "the rest went with her keys"


def test_a_salt_that_opens_nothing_proves_nothing(alice: UUID, now: datetime) -> None:
    decision = erasure.erase(alice, actor=Actor.person(alice), now=now)
    log.seal(now=now)
    assert decision.act is not None
    with pytest.raises(NothingToProve):
        proofs.file_of_acts([decision.act], salts={decision.act: bytes(32)}, now=now)


def test_an_old_proof_still_holds_after_the_log_grew_and_the_person_went(
    alice: UUID, log_folder: Path, tmp_path: Path, now: datetime
) -> None:
    request = asked_for_a_copy(alice, now)
    requests.receive(alice, RightsRequest.Kind.OBJECTION, actor=Actor.person(alice), now=now)
    log.seal(now=now)
    proof = proofs.file_of(request.pk, subject=alice, now=now)
    erasure.erase(alice, actor=Actor.person(alice), now=now)
    for number in range(300):
        acts.record("tests.done", actor=Actor.system("tests"), now=now, number=number)
    log.seal(now=now)
    said = holds(proof, tmp_path, "--log", log_folder)
    assert "continues the one of" in said


def test_nothing_in_the_file_names_anybody(alice: UUID, now: datetime) -> None:
    asked_for_a_copy(alice, now)
    request = RightsRequest.objects.get(subject_id=alice)
    log.seal(now=now)
    proof = proofs.file_of(request.pk, subject=alice, now=now)
    for one in proof.entries:
        content = json.loads(one.opened.content)
        assert content.keys() == {
            "format", "id", "at", "kind", "actor", "part", "by", "subject", "register", "detail",
        }  # fmt: skip
