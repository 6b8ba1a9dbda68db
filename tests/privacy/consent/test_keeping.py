"""Receipts found, counted, written out in full and proven, at hand and in the archive."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seqlense.privacy import consent, log, retention
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import Receipt, displays, keeping, proving, record, replaying
from seqlense.privacy.consent.choices import LIFE, Choice
from seqlense.privacy.consent.choosing import Wish, choose
from seqlense.privacy.consent.keeping import Wanted
from seqlense.privacy.log.errors import NotSealed
from seqlense.privacy.models import Act
from seqlense.privacy.proofs import verifying
from seqlense.privacy.proofs.errors import NothingToProve
from seqlense.privacy.proofs.verifying import Brought
from tests.privacy.consent.club import LETTERS, NEWS, NOW, club, give, person, redeclared, withdraw
from tests.proofs.test_verifying import script

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=40)


@pytest.fixture(autouse=True)
def _club(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SEQLENSE_LOG = tmp_path / "log"
    settings.SEQLENSE_LOG_KEY = tmp_path / "key" / "log.key"
    settings.SEQLENSE_LOG_ORIGIN = "log.example/log"
    displays.forget()
    with club():
        yield


def chosen(before: Choice | None = None, *, now: Any = NOW, **answers: bool) -> Choice:
    shown = displays.shown("fr", now=NOW)
    wish = Wish(answers=answers, how="panel", shown=shown, language="fr")
    return choose(wish, before=before, now=now)


def swept() -> None:
    retention.run(now=LATER, actor=Actor.system("retention"))


def test_receipts_are_found_wherever_they_are_kept() -> None:
    ada, bob = person(), person()
    first, other = give(ada), give(bob)
    last = withdraw(ada, now=NOW + timedelta(days=1))
    assert last is not None
    before = [vars(one) for one in keeping.of(ada)]
    swept()
    assert not Receipt.objects.filter(subject_id=ada).exists()
    for one, known in zip(keeping.of(ada), before, strict=True):
        unlike = {
            name for name, value in vars(one).items() if not name.startswith("_") and value != known[name]
        }
        assert unlike <= {"archived"}
    assert keeping.find(other.pk) == other
    assert [one.pk for one in keeping.chain(last)] == [last.pk, first.pk]
    assert keeping.find(person()) is None


def test_they_are_searched_and_counted_by_what_was_asked_and_when() -> None:
    give(person())
    withdraw(give(person()).subject_id or person(), now=NOW)
    chosen(youtube=True, x=False)
    chosen(youtube=False, x=False, now=NOW + timedelta(days=20))
    swept()
    found = {(one.month.month, one.kind, one.about): (one.yes, one.no) for one in keeping.figures(Wanted())}
    assert found == {
        (11, "given", NEWS): (2, 1),
        (11, "choice", "x"): (0, 1),
        (11, "choice", "youtube"): (1, 0),
        (12, "choice", "x"): (0, 1),
        (12, "choice", "youtube"): (0, 1),
    }
    assert len(keeping.search(Wanted(), limit=50)) == 5
    assert len(keeping.search(Wanted(about="youtube"), limit=50)) == 2
    assert len(keeping.search(Wanted(about=NEWS), limit=2)) == 2
    assert len(keeping.search(Wanted(since=NOW + timedelta(days=2)), limit=50)) == 1
    assert len(keeping.search(Wanted(until=NOW), limit=50)) == 0
    assert len(keeping.search(Wanted(shown="club-1"), limit=50)) == 2
    assert len(keeping.search(Wanted(how="'; drop table consent_receipt; --"), limit=50)) == 0


def test_a_receipt_says_in_full_what_was_agreed_to() -> None:
    made = chosen(youtube=True, x=False)
    assert made.receipt is not None
    receipt = keeping.find(made.receipt)
    assert receipt is not None
    found = json.loads(json.dumps(record.record(receipt)))
    assert found["schema_version"] == "ISO/IEC TS 27560:2023"
    assert (found["record_id"], found["pii_principal_id"]) == (str(receipt.pk), None)
    notice = found["pii_processing"]["privacy_notice"]
    assert (notice["version"], notice["register_version"]) == (receipt.shown, receipt.register_version)
    assert notice["texts"]
    (purpose,) = found["pii_processing"]["purposes"]
    assert purpose["lawful_basis"] == "consent"
    assert {one["id"]: one["accepted"] for one in purpose["services"]} == {"youtube": True, "x": False}
    assert {one["id"] for one in purpose["recipient_third_parties"]} >= {"youtube", "x"}
    assert purpose["jurisdiction"] == "FR"
    (event,) = found["event"]
    assert event["event_state"] == "given"
    assert event["expires"] == (NOW + LIFE).isoformat()
    roles = [one["party_role"] for one in found["party_identification"]]
    assert roles[0] == "pii_controller"
    assert "authority" in roles


def test_a_service_asked_for_apart_is_on_the_receipt_under_its_own_purpose(tmp_path: Path) -> None:
    """YouTube as a place of videos isn't YouTube as an account to link."""
    apart: dict[str, object] = {
        "consent_purpose": "social_networks",
        "browser": {
            "label": {"fr": "Vidéos", "en": "Videos"},
            "explanation": {"fr": "Lit des vidéos.", "en": "Plays videos."},
            "frame": ["video.example"],
            "consent_purpose": NEWS,
        },
    }
    with club(redeclared(tmp_path, youtube=apart)):
        displays.forget()
        made = chosen(youtube=True)
        assert made.receipt is not None
        receipt = keeping.find(made.receipt)
        assert receipt is not None
        (purpose,) = record.record(receipt)["pii_processing"]["purposes"]
    assert purpose["purpose"] == NEWS
    assert {one["id"] for one in purpose["activities"]} == {LETTERS, "club_calls"}


def test_a_persons_receipt_names_them_by_an_opaque_id_and_says_that_it_ended() -> None:
    ada = person()
    given = give(ada)
    withdrawn = withdraw(ada, now=NOW + timedelta(days=1))
    assert withdrawn is not None
    swept()
    first, last = keeping.find(given.pk), keeping.find(withdrawn.pk)
    assert first is not None
    assert last is not None
    found = record.record(first)
    assert found["pii_principal_id"] == str(ada)
    assert [one["event_state"] for one in found["event"]] == ["given", "ended"]
    assert found["pii_processing"]["purposes"][0]["activities"][0]["id"] in (LETTERS, "club_calls")
    assert record.record(last)["event"][0]["event_state"] == "withdrawn"
    assert record.record(last)["event"][0]["follows"] == str(given.pk)


@pytest.mark.django_db(transaction=True)
def test_outsiders_verify_a_receipt_at_hand_and_in_the_archive(tmp_path: Path) -> None:
    ada = person()
    given, visitors = give(ada), chosen(youtube=False, x=False)
    assert visitors.receipt is not None
    with pytest.raises(NotSealed):
        proving.proof_of(given.pk, now=NOW)
    log.seal(now=NOW)
    withdraw(ada, now=NOW)
    swept()
    proof = proving.proof_of(given.pk, visitors.receipt, now=LATER)
    verifying.file(proof.as_bytes(), Brought())
    file = tmp_path / "mine.seqlense-proof.json"
    file.write_bytes(proof.as_bytes())
    code, said = script(file)
    assert code == 0, said
    assert "consent.receipt" in said
    assert proof.entries[1].opened.act["detail"]["answers"] == {"youtube": False, "x": False}
    retention.run(now=LATER.replace(year=2032), actor=Actor.system("retention"))
    with pytest.raises(NothingToProve):
        proving.proof_of(given.pk, now=LATER)


def test_a_restored_database_has_the_same_consents_again() -> None:
    ada, bob = person(), person()
    give(bob)
    backup = list(Receipt.objects.values_list("pk", flat=True))
    kinds = replaying.REPLAYED
    give(ada)
    withdraw(bob, now=NOW + timedelta(days=1))
    lines = [
        {"index": place, "at": one.at, "kind": one.kind, "subject": one.subject, "detail": one.detail}
        for place, one in enumerate(Act.objects.filter(kind__in=kinds).order_by("at", "id"))
    ]
    before = state()
    lost(backup)
    assert (consent.given(ada, NEWS), consent.given(bob, NEWS)) == (False, True)
    assert sum(replaying.replay(line, now=LATER) for line in lines) == 2
    assert (consent.given(ada, NEWS), consent.given(bob, NEWS)) == (True, False)
    assert state() == before
    assert sum(replaying.replay(line, now=LATER) for line in lines) == 0, "again changes nothing"


def state() -> list[Any]:
    rows = Receipt.objects.order_by("pk")
    return list(rows.values_list("pk", "subject_id", "at", "kind", "purpose", "how", "shown", "ended_at"))


def lost(backup: list[Any]) -> None:
    """As a restore from before leaves it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("select set_config('role', 'none', true)")
        cursor.execute("alter table consent_receipt disable trigger consent_receipt_stays")
        cursor.execute("alter table privacy_leaf disable trigger privacy_leaf_stays")
        cursor.execute("delete from privacy_leaf where act <> all(%s)", [backup])
        cursor.execute("alter table privacy_leaf enable trigger privacy_leaf_stays")
        cursor.execute("delete from consent_receipt where id <> all(%s)", [backup])
        cursor.execute("update consent_receipt set ended_at = null where kind = 'given'")
        cursor.execute("alter table consent_receipt enable trigger consent_receipt_stays")
        cursor.execute("select set_config('role', 'seqlense_app', true)")
        cursor.execute("delete from privacy_switch")
