"""What the log proves of an act, to whom, and for how long."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import access, acts, erasure, keystore, log, retention, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.log import merkle, note, openings, place
from seqlense.privacy.log.errors import NoOpening, NotSealed
from seqlense.privacy.models import Act, RightsRequest
from tests.privacy.shopping import person, shop

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SYSTEM = Actor.system("tests")
pytestmark = pytest.mark.django_db(transaction=True)


def accepted(proof: log.Proof) -> dict[str, Any]:
    """What an outsider concludes: the checkpoint is the log's, the entry is in it, this is its content."""
    head = note.opened(proof.checkpoint, place.verifier())
    assert sha256(proof.salt + proof.content.encode()).digest() == proof.digest
    merkle.verify_inclusion(proof.index, head.size, merkle.leaf_hash(proof.digest), proof.path, head.root)
    content: dict[str, Any] = json.loads(proof.content)
    assert content["id"] == str(proof.act)
    return content


def test_the_content_says_who_did_what_when() -> None:
    ada = subjects.create(now=NOW)
    moment = NOW.replace(microsecond=120)
    act = acts.record("tests.read", actor=Actor.staff(ada), now=moment, subject=ada, rows=3, text="é")
    nobody = acts.record("tests.done", actor=SYSTEM, now=NOW)
    with pytest.raises(NotSealed):
        log.proof_of(act.pk)
    log.seal(now=NOW)
    assert accepted(log.proof_of(act.pk)) == {
        "format": "seqlense-act/1",
        "id": str(act.pk),
        "at": "2026-03-02T09:00:00.000120Z",
        "kind": "tests.read",
        "actor": "staff",
        "part": "",
        "by": str(ada),
        "subject": str(ada),
        "register": act.register_version,
        "detail": {"rows": 3, "text": "é"},
    }
    assert accepted(log.proof_of(nobody.pk))["part"] == "tests"
    with pytest.raises(LookupError):
        log.proof_of(uuid7())


def test_an_opening_goes_with_the_person() -> None:
    ada, bea = subjects.create(now=NOW), subjects.create(now=NOW)
    read = acts.record("tests.read", actor=SYSTEM, now=NOW, subject=ada).pk
    other = acts.record("tests.read", actor=SYSTEM, now=NOW, subject=bea).pk
    nobody = acts.record("tests.done", actor=SYSTEM, now=NOW).pk
    log.seal(now=NOW)
    kept = log.proof_of(read)
    stored = Act.objects.get(pk=read)
    assert stored.salt is None
    assert kept.salt not in bytes(stored.opening or b"")
    accepted(kept)

    erasure.erase(ada, actor=Actor.person(ada), now=NOW)
    assert keystore.living([(ada, openings.KEY)]) == set()
    with pytest.raises(NoOpening):
        log.proof_of(read)
    accepted(log.proof_of(other))
    accepted(log.proof_of(nobody))
    # What she took home before goes on proving.
    log.seal(now=NOW)
    accepted(kept)
    accepted(log.proof_of(read, salt=kept.salt))
    with pytest.raises(NoOpening):
        log.proof_of(read, salt=b"\x00" * 32)


def test_somebody_erased_gets_no_new_key() -> None:
    ada = subjects.create(now=NOW)
    erasure.erase(ada, actor=Actor.person(ada), now=NOW)
    late = acts.record("tests.asked", actor=SYSTEM, now=NOW, subject=ada)
    log.seal(now=NOW)
    assert keystore.living([(ada, openings.KEY)]) == set()
    with pytest.raises(NoOpening):
        log.proof_of(late.pk)
    assert late.salt is not None
    accepted(log.proof_of(late.pk, salt=bytes(late.salt)))


def test_an_erasure_is_proven_for_as_long_as_the_register_keeps_the_request() -> None:
    with shop():
        ada = person()
        decision = erasure.erase(ada, actor=Actor.person(ada), now=NOW)
        assert decision.act is not None
        log.seal(now=NOW)
        hers = accepted(log.proof_of(decision.act, salt=decision.salt))
        assert hers["kind"] == "privacy.erased"
        outcome = {one["item"]: one["outcome"] for one in hers["detail"]["items"]}
        assert outcome == {one.item: one.outcome for one in decision.items}
        assert repr(decision.salt) not in repr(decision)
        assert accepted(log.proof_of(decision.act)) == hers
        stored = Act.objects.get(pk=decision.act)
        assert stored.salt is None
        assert stored.opening is not None
        assert bytes(stored.opening) == openings.NOWHERE

        retention.run(now=NOW + timedelta(days=5 * 365 + 30), actor=SYSTEM)
        assert not RightsRequest.objects.exists()
        with pytest.raises(NoOpening):
            log.proof_of(decision.act)
        assert accepted(log.proof_of(decision.act, salt=decision.salt)) == hers


def test_answers_to_earlier_requests_stay_proven_too() -> None:
    ada = subjects.create(now=NOW)
    access.copy_of(ada, actor=Actor.person(ada), now=NOW)
    erasure.erase(ada, actor=Actor.person(ada), now=NOW + timedelta(days=1))
    log.seal(now=NOW)
    answered = Act.objects.get(kind="privacy.request_answered")
    received = Act.objects.get(kind="privacy.request_received")
    assert accepted(log.proof_of(answered.pk))["detail"]["right"] == "access"
    with pytest.raises(NoOpening):
        log.proof_of(received.pk)


def test_later_checkpoints_continue_earlier_ones() -> None:
    heads = []
    for size in (1, 2, 40, 300):
        while Act.objects.count() < size:
            acts.record("tests.done", actor=SYSTEM, now=NOW)
        log.seal(now=NOW)
        heads.append(log.head())
    for old in heads:
        proof = log.consistency(old.size, heads[-1].size)
        merkle.verify_consistency(old.size, heads[-1].size, old.root, heads[-1].root, proof)
    with pytest.raises(ValueError, match="never had"):
        log.consistency(1, 1_000)


def test_many_proofs_share_a_checkpoint() -> None:
    made: list[UUID] = [acts.record("tests.done", actor=SYSTEM, now=NOW).pk for _ in range(5)]
    log.seal(now=NOW)
    found = log.proofs_of(list(reversed(made)))
    assert [one.index for one in found] == [4, 3, 2, 1, 0]
    assert len({one.checkpoint for one in found}) == 1
    for one in found:
        accepted(one)


def test_the_last_key_that_a_sweep_takes_takes_the_openings_too() -> None:
    with shop():
        from tests.privacy.shop.models import Visit

        visitor, customer = subjects.create(now=NOW), person()
        Visit.objects.create(subject_id=visitor, page="books", at=NOW)
        for one in (visitor, customer):
            acts.record("tests.read", actor=SYSTEM, now=NOW, subject=one)
        retention.run(now=NOW + timedelta(days=2 * 365), actor=SYSTEM)
        left = keystore.living([(visitor, openings.KEY), (customer, openings.KEY)])
        assert left == {(customer, openings.KEY)}
