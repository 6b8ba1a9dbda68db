"""Consent to a purpose: given, asked for, withdrawn, in step with My data; receipts that nothing changes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from seqlense.privacy import consent, erasure, reach, retention, subjects, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import Receipt
from seqlense.privacy.consent.errors import UnknownPerson, UnknownPurpose
from seqlense.privacy.models import Act, Archived, Leaf, RightsRequest, Subject
from seqlense.privacy.switches import Kind
from tests.privacy.consent.club import CALLS, LETTERS, NEWS, NOW, club, give, person, withdraw

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _club() -> Iterator[None]:
    with club():
        yield


@pytest.fixture
def told() -> Iterator[list[tuple[UUID, bool, datetime]]]:
    """What `consent.changed` said."""
    heard: list[tuple[UUID, bool, datetime]] = []

    def hear(*, subject: UUID, purpose: str, given: bool, now: datetime, **_: object) -> None:
        assert purpose == NEWS
        heard.append((subject, given, now))

    consent.changed.connect(hear)
    yield heard
    consent.changed.disconnect(hear)


def test_a_consent_holds_from_the_act_to_its_withdrawal(told: list[Any]) -> None:
    ada, bob = person(), person()
    assert not consent.given(ada, NEWS)
    made = give(ada)
    assert (made.purpose, made.how, made.shown, made.language) == (NEWS, "form", "club-1", "fr")
    assert consent.given(ada, NEWS)
    assert not consent.given(bob, NEWS)
    among = Subject.objects.filter(consent.consenting(NEWS, subject="id"))
    assert set(among.values_list("pk", flat=True)) == {ada}
    ended = withdraw(ada, now=LATER)
    assert ended is not None
    assert ended.previous == made.pk
    assert not consent.given(ada, NEWS)
    assert not among.exists()
    assert told == [(ada, True, NOW), (ada, False, LATER)]
    assert set(Act.objects.filter(kind__startswith="consent.").values_list("kind", "subject")) == {
        ("consent.given", ada), ("consent.withdrawn", ada),
    }  # fmt: skip


def test_again_changes_nothing_and_another_text_is_another_consent(told: list[Any]) -> None:
    ada = person()
    first = give(ada)
    assert give(ada, now=LATER).pk == first.pk
    second = give(ada, now=LATER, shown="club-2")
    assert second.previous == first.pk
    assert Receipt.objects.get(pk=first.pk).ended_at == LATER
    assert withdraw(ada, now=LATER) is not None
    assert withdraw(ada, now=LATER) is None
    assert [given for _, given, _ in told] == [True, False]


def test_only_for_a_purpose_that_is_asked_for_and_somebody_who_is_there() -> None:
    ada, gone = person(), person()
    with pytest.raises(UnknownPurpose):
        consent.give(ada, "nothing", how="form", shown="x", language="fr", actor=Actor.person(ada), now=NOW)
    erasure.erase(gone, actor=Actor.person(gone), now=NOW)
    for nobody in (gone, UUID(int=7)):
        with pytest.raises(UnknownPerson):
            give(nobody)
        with pytest.raises(UnknownPerson):
            withdraw(nobody)
    assert not Receipt.objects.exists()


def test_withdrawing_bars_what_rests_on_it_and_consenting_frees_it() -> None:
    ada = person()
    give(ada)
    withdraw(ada)
    assert {switches.barred(ada, one) for one in (LETTERS, CALLS)} == {Kind.WITHDRAWAL}
    assert RightsRequest.objects.filter(subject_id=ada, kind="withdrawal").count() == 2
    give(ada, now=LATER)
    assert {switches.barred(ada, one) for one in (LETTERS, CALLS)} == {None}
    assert consent.given(ada, NEWS)


def test_a_withdrawal_in_my_data_is_the_same(told: list[Any]) -> None:
    ada, bob = person(), person()
    give(ada)
    actor = Actor.person(ada)
    switches.set(Kind.WITHDRAWAL, ada, LETTERS, actor=actor, now=LATER)
    assert not consent.given(ada, NEWS)
    assert switches.barred(ada, CALLS) is Kind.WITHDRAWAL, "the other activity of the same consent"
    assert told == [(ada, True, NOW), (ada, False, LATER)]
    receipt = Receipt.objects.get(kind="withdrawn")
    assert (receipt.how, receipt.at) == ("my_data", LATER)
    switches.set(Kind.WITHDRAWAL, bob, LETTERS, actor=Actor.person(bob), now=LATER)
    assert not Receipt.objects.filter(subject_id=bob).exists(), "nothing stood"


def test_a_limit_or_an_objection_withdraws_nothing() -> None:
    ada = person()
    give(ada)
    switches.set(
        Kind.RESTRICTION, ada, LETTERS, actor=Actor.person(ada), now=LATER, ground=switches.Ground.ACCURACY
    )
    assert consent.given(ada, NEWS)


def test_nothing_changes_a_receipt(as_owner: Any) -> None:
    ada = person()
    made = give(ada)
    for change in ("how = 'x'", "answers = '{\"x\": true}'", "at = now()", "subject_id = null", "salt = ''"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update consent_receipt set {change}")
        with pytest.raises(DatabaseError), reach.maintenance(), connection.cursor() as cursor:
            cursor.execute(f"update consent_receipt set {change}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.all().delete()
    withdraw(ada, now=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.filter(pk=made.pk).update(ended_at=LATER + timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.filter(pk=made.pk).update(ended_at=None)


def test_each_receipt_is_an_entry_of_the_log() -> None:
    made = give(person())
    assert Leaf.objects.filter(act=made.pk).count() == 1
    made.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute(
            "select sha256(decode(salt, 'hex') || convert_to(consent_receipt_content(r), 'UTF8')) "
            "from consent_receipt r"
        )
        found = cursor.fetchone()
    assert found is not None
    assert bytes(found[0]) == bytes(Leaf.objects.get(act=made.pk).digest)


def test_ended_it_is_archived_and_goes_after_five_years() -> None:
    ada = person()
    given = give(ada)
    system = Actor.system("retention")
    retention.run(now=LATER, actor=system)
    assert Receipt.objects.filter(pk=given.pk).exists(), "it stands"
    withdraw(ada, now=LATER)
    retention.run(now=LATER + timedelta(hours=1), actor=system)
    assert not Receipt.objects.exists()
    with reach.maintenance():
        assert Archived.objects.filter(model="consent.receipt").count() == 2
    retention.run(now=LATER.replace(year=2031) + timedelta(days=1), actor=system)
    with reach.maintenance():
        assert not Archived.objects.filter(model="consent.receipt").exists()


def test_an_erasure_ends_consents_and_keeps_their_proof_five_years() -> None:
    ada, bob = person(), person()
    give(ada)
    give(bob)
    decision = erasure.erase(ada, actor=Actor.person(ada), now=LATER)
    kept = {one.item: one.until for one in decision.kept if one.item.startswith("consent_proofs.")}
    assert set(kept) == {f"consent_proofs.{one}" for one in ("receipt", "dates", "proof")}
    assert {until.year for until in kept.values() if until} == {2031}
    assert not consent.given(ada, NEWS)
    assert consent.given(bob, NEWS)
    assert subjects.create(now=NOW) != ada
