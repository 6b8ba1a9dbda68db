"""What a person limits, objects to or no longer consents to: set, obeyed, decided, freed."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from django.db import transaction
from django.db.models import Q
from django.test import override_settings

from seqlense.privacy import access, erasure, holds, requests, retention, running, search, subjects, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.errors import Unsealable
from seqlense.privacy.models import Act, Hold, RequestText, RightsRequest, Subject, Switch
from seqlense.privacy.switches import Ground, Kind
from tests.privacy import shop as shop_folder
from tests.privacy.shopping import NOW, person, shop

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
CUSTOMERS, VISITS, ORDERS = "shop_customers", "shop_visits", "shop_orders"
WORDS = "Je suis suivie par un ancien collègue."


@pytest.fixture(autouse=True)
def _shop(db: None) -> Iterator[None]:
    with shop():
        yield


@contextmanager
def visits(tmp_path: Path, **changes: Any) -> Iterator[None]:
    """The shop's visits, declared otherwise."""
    declared = Path(next(iter(shop_folder.__path__))) / "register" / "shop_visits.yaml"
    document = yaml.safe_load(declared.read_text("utf-8")) | changes
    (tmp_path / "shop_visits.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    with override_settings(SEQLENSE_REGISTER=[*running.folders(), tmp_path]):
        yield


def limit(subject: UUID, activity: str, ground: Ground = Ground.ACCURACY, **more: Any) -> Switch:
    return switches.set(
        Kind.RESTRICTION, subject, activity, actor=Actor.person(subject), now=NOW, ground=ground, **more
    )


def object_to(subject: UUID, activity: str = VISITS, **more: Any) -> Switch:
    return switches.set(Kind.OBJECTION, subject, activity, actor=Actor.person(subject), now=NOW, **more)


def officer() -> Actor:
    return Actor.staff(subjects.create(now=NOW))


def test_the_law_says_what_is_offered(tmp_path: Path) -> None:
    contract, interest = switches.offer(CUSTOMERS), switches.offer(VISITS)
    assert contract is not None
    assert (contract.restrict, contract.object_to, contract.withdraw, contract.owed) == (
        True, False, False, True,
    )  # fmt: skip
    assert interest is not None
    assert (interest.object_to, interest.at_once, interest.withdraw) == (True, False, False)
    assert switches.offer("unheard_of") is None
    ada = person()
    for kind, activity in (
        (Kind.OBJECTION, CUSTOMERS),
        (Kind.WITHDRAWAL, VISITS),
        (Kind.OBJECTION, "nothing"),
    ):
        with pytest.raises(switches.NotOffered):
            switches.set(kind, ada, activity, actor=Actor.person(ada), now=NOW)
    with pytest.raises(switches.NotOffered):
        limit(ada, CUSTOMERS, Ground.SITUATION)
    with visits(tmp_path, basis={"ground": "consent", "consent_purpose": "measuring"}):
        agreed = switches.offer(VISITS)
        assert agreed is not None
        assert (agreed.object_to, agreed.withdraw) == (False, True)


def test_a_limit_is_set_once_answered_at_once_and_taken_back() -> None:
    ada, bob = person(), person()
    made = limit(ada, CUSTOMERS, words=WORDS)
    assert limit(ada, CUSTOMERS).pk == made.pk
    assert switches.barred(ada, CUSTOMERS) is Kind.RESTRICTION
    assert switches.barred(ada, VISITS) is None
    assert switches.barred(bob, CUSTOMERS) is None
    request = RightsRequest.objects.get(subject_id=ada)
    assert (request.kind, request.answered_at) == ("restriction", NOW)
    assert RequestText.objects.get(request=request).text == WORDS
    act = Act.objects.get(kind="privacy.restricted")
    assert (act.subject, act.detail["activity"], act.detail["ground"]) == (ada, CUSTOMERS, "accuracy")
    assert WORDS not in json.dumps(act.detail)
    with pytest.raises(Switch.DoesNotExist):
        switches.take_back(made.pk, subject=bob, actor=Actor.person(bob), now=LATER)
    switches.take_back(made.pk, subject=ada, actor=Actor.person(ada), now=LATER)
    assert switches.barred(ada, CUSTOMERS) is None
    assert Act.objects.filter(kind="privacy.restriction_lifted", subject=ada).count() == 1
    with pytest.raises(switches.AlreadyLifted):
        switches.take_back(made.pk, subject=ada, actor=Actor.person(ada), now=LATER)


def test_what_a_person_needs_for_a_claim_is_kept_by_the_sweep() -> None:
    from tests.privacy.shop.models import Visit

    ada, bob = person(), person()
    made = limit(ada, VISITS, Ground.CLAIMS)
    end = NOW + timedelta(days=400)
    retention.run(now=end, actor=Actor.system("test"))
    assert Visit.objects.filter(subject_id=ada).count() == 2
    assert not Visit.objects.filter(subject_id=bob).exists()
    assert Hold.objects.get(subject_id=ada).reason == Hold.Reason.LIMITED
    switches.take_back(made.pk, subject=ada, actor=Actor.person(ada), now=end)
    assert not Hold.objects.active(end).exists()
    retention.run(now=end, actor=Actor.system("test"))
    assert not Visit.objects.filter(subject_id=ada).exists()


def test_an_objection_limits_until_it_is_decided_and_the_person_is_told_before_it_ends() -> None:
    ada = person()
    made = object_to(ada, words=WORDS)
    assert made.waits
    assert switches.barred(ada, VISITS) is Kind.RESTRICTION
    assert [one.pk for one in switches.waiting()] == [made.pk]
    request = RightsRequest.objects.get(subject_id=ada)
    assert request.answered_at is None
    assert requests.overdue(NOW + timedelta(days=60)) == [request]
    odile = officer()
    for override, reason in (("", "A reason in words"), ("claims", " "), ("whim", "A reason in words")):
        with pytest.raises(switches.ReasonMissing):
            switches.decide(made.pk, accepted=False, override=override, reason=reason, actor=odile, now=LATER)
    switches.decide(made.pk, accepted=False, override="claims", reason="Un procès", actor=odile, now=LATER)
    request.refresh_from_db()
    assert request.answered_at == LATER
    assert request.outcome == [{"activity": VISITS, "outcome": "rejected", "ground": "claims"}]
    assert [one.text for one in switches.texts(made, RequestText.By.OFFICER)] == ["Un procès"]
    assert switches.barred(ada, VISITS) is Kind.RESTRICTION, "not before the person has been told"
    assert switches.lift_due(now=LATER + switches.NOTICE - timedelta(seconds=1)) == 0
    assert switches.lift_due(now=LATER + switches.NOTICE) == 1
    assert switches.barred(ada, VISITS) is None
    with pytest.raises(switches.AlreadyDecided):
        switches.decide(made.pk, accepted=True, actor=odile, now=LATER)


def test_an_accepted_objection_stands_until_the_person_takes_it_back() -> None:
    ada = person()
    made = object_to(ada)
    switches.decide(made.pk, accepted=True, actor=officer(), now=LATER)
    assert switches.barred(ada, VISITS) is Kind.OBJECTION
    with pytest.raises(switches.AlreadyDecided):
        switches.announce(made.pk, actor=officer(), now=LATER)
    switches.take_back(made.pk, subject=ada, actor=Actor.person(ada), now=LATER)
    assert switches.barred(ada, VISITS) is None
    again = object_to(ada)
    switches.take_back(again.pk, subject=ada, actor=Actor.person(ada), now=LATER)
    assert not RightsRequest.objects.filter(subject_id=ada, answered_at=None).exists()


def test_direct_marketing_stops_at_once_and_consent_is_withdrawn_at_once(tmp_path: Path) -> None:
    ada = person()
    with visits(tmp_path, direct_marketing=True):
        made = object_to(ada)
        assert (made.ground, made.waits, switches.barred(ada, VISITS)) == (
            "marketing", False, Kind.OBJECTION,
        )  # fmt: skip
        assert RightsRequest.objects.get(subject_id=ada).answered_at == NOW
    bob = person()
    with visits(tmp_path, basis={"ground": "consent", "consent_purpose": "measuring"}):
        made = switches.set(Kind.WITHDRAWAL, bob, VISITS, actor=Actor.person(bob), now=NOW)
        assert switches.barred(bob, VISITS) is Kind.WITHDRAWAL
        with pytest.raises(switches.NotOffered):
            switches.take_back(made.pk, subject=bob, actor=Actor.person(bob), now=NOW)
        switches.lift(made.pk, actor=Actor.person(bob), now=LATER)
        assert switches.barred(bob, VISITS) is None
    kinds = Act.objects.filter(subject=bob, kind__startswith="privacy.consent").values_list("kind", flat=True)
    assert set(kinds) == {"privacy.consent_withdrawn", "privacy.consent_renewed"}


def test_sets_are_filtered_by_one_condition() -> None:
    from tests.privacy.shop.models import Customer

    ada, bob = person(), person()
    limit(ada, CUSTOMERS)
    free = Customer.objects.exclude(switches.barring(CUSTOMERS, VISITS))
    assert [one.subject_id for one in free] == [bob]
    assert Subject.objects.filter(switches.barring(CUSTOMERS, subject="pk")).get().pk == ada
    assert switches.barred_among([ada, bob]) == {ada: frozenset({CUSTOMERS})}


def test_nobody_else_reads_it_unless_it_is_opened() -> None:
    from tests.privacy.shop.models import Customer

    ada, bob, odile = person(), person(), subjects.create(now=NOW)
    limit(ada, CUSTOMERS)
    with switches.reading(lambda: odile):
        seen = {one.subject_id: one for one in Customer.objects.all()}
        assert (seen[ada].name, seen[bob].name) == ("…", "Ada Martin")
        seen[ada].country = "BE"
        seen[ada].save()
        with pytest.raises(Unsealable), transaction.atomic():
            Customer(subject_id=bob, email="x@example.org", name=seen[ada].name).save()
        found = access.everything(ada, now=NOW)
        closed = {held.activity.id: held.closed for held in found.activities}
        assert closed[CUSTOMERS]
        assert not closed[VISITS]
        values = found.item("shop_customers.email")
        assert values is not None
        assert {(one.value, one.withheld) for one in values.values} == {(None, True)}
        packed = access.package(ada, actor=Actor.staff(odile), now=NOW)
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            assert b"ada@example.org" not in b"".join(archive.read(name) for name in archive.namelist())
        with switches.opened(ada):
            assert Customer.objects.get(subject_id=ada).name == "Ada Martin"
            values = access.everything(ada, now=NOW).item("shop_customers.email")
            assert values is not None
            assert values.values[0].value == "ada@example.org"
    with switches.reading(lambda: ada):
        assert Customer.objects.get(subject_id=ada).name == "Ada Martin", "one's own is never closed"
    assert Customer.objects.get(subject_id=ada).country == "BE"
    assert Customer.objects.get(subject_id=ada).name == "Ada Martin", "what was closed was saved unopened"


def test_a_page_of_people_asks_once(django_assert_num_queries: Any) -> None:
    from tests.privacy.shop.models import Customer

    people = [person() for _ in range(4)]
    limit(people[0], CUSTOMERS)
    odile = subjects.create(now=NOW)
    with switches.reading(lambda: odile), django_assert_num_queries(2):
        assert [one.name for one in Customer.objects.order_by("pk")].count("…") == 1


def test_nobody_finds_them_by_name() -> None:
    from tests.privacy.shop.models import Customer

    index = search.register("shop.Customer", ["name"])
    ada, bob = person(), person()
    Customer.objects.get(subject_id=bob).save()
    assert {one.subject for one in index.find("martin")} == {ada, bob}
    made = limit(ada, CUSTOMERS)
    assert {one.subject for one in index.find("martin")} == {bob}
    assert ada not in {whose for whose, _ in index._texts.values()}
    switches.take_back(made.pk, subject=ada, actor=Actor.person(ada), now=NOW)
    assert {one.subject for one in index.find("martin")} == {ada, bob}
    search._indexes.pop("shop.customer")


def test_erasure_ends_them_and_answers_what_waited() -> None:
    ada = person()
    subjects.attach(ada, "email", "ada@example.org")
    limit(ada, CUSTOMERS)
    object_to(ada, words=WORDS)
    decision = erasure.erase(ada, actor=Actor.person(ada), now=LATER)
    assert not decision.in_place
    assert not Switch.objects.filter(subject_id=ada).exists()
    assert not RightsRequest.objects.filter(subject_id=ada, answered_at=None).exists()
    assert not list(switches.waiting())


# -- a restored database goes through it again ---------------------------------------------------------------
def lines() -> list[dict[str, Any]]:
    """What the journal would have, as JSON."""
    kinds = (*switches.REPLAYED, *holds.REPLAYED, *requests.REPLAYED, *erasure.REPLAYED)
    found = Act.objects.filter(kind__in=kinds).order_by("pk")
    made = [
        {"index": place, "at": one.at.isoformat(), "kind": one.kind, "subject": str(one.subject)}
        | {"detail": one.detail}
        for place, one in enumerate(found)
    ]
    return list(json.loads(json.dumps(made)))


def replay(line: dict[str, Any]) -> bool:
    for part in (switches, holds, requests, erasure):
        if line["kind"] in part.REPLAYED:
            return bool(part.replay(line, now=LATER))
    raise AssertionError(line["kind"])


def all_again(journal: list[dict[str, Any]]) -> list[bool]:
    return [replay(line) for line in journal]


def state() -> list[Any]:
    rows: list[Any] = list(
        Switch.objects.order_by("pk").values_list(
            "pk", "kind", "activity", "ground", "since", "decided_at", "accepted", "override", "lifts_at",
            "until", "request_id", "hold_id",
        )
    )  # fmt: skip
    rows += RightsRequest.objects.order_by("pk").values_list(
        "pk", "kind", "received_at", "due_on", "answered_at", "outcome", "channel"
    )
    rows += Hold.objects.order_by("pk").values_list("pk", "activity", "reason", "placed_at", "ends_at")
    return rows


def test_a_restored_database_has_the_same_switches_requests_and_holds_again() -> None:
    ada, bob = person(), person()
    kept = limit(ada, VISITS, Ground.CLAIMS)
    backup = list(Switch.objects.values_list("pk", flat=True))
    limit(ada, CUSTOMERS, channel="post")
    switches.take_back(kept.pk, subject=ada, actor=Actor.person(ada), now=LATER)
    rejected, waits = object_to(ada), object_to(bob, words=WORDS)
    switches.decide(
        rejected.pk, accepted=False, override="fraud", reason="Un motif", actor=officer(), now=LATER
    )
    announced = limit(bob, ORDERS, Ground.UNLAWFUL)
    switches.announce(announced.pk, actor=officer(), now=LATER)
    before, journal = state(), lines()
    Switch.objects.exclude(pk__in=backup).delete()
    Switch.objects.update(until=None)
    Hold.objects.exclude(subject_id=ada).delete()
    Hold.objects.update(ends_at=None)
    RightsRequest.objects.exclude(switches_of(backup)).delete()
    assert state() != before
    assert any(all_again(journal))
    assert state() == before
    assert not any(all_again(journal)), "again changes nothing"
    assert state() == before
    assert {one.pk for one in switches.waiting()} == {waits.pk}
    replayed = Act.objects.filter(kind="privacy.replayed")
    assert replayed.exists()
    assert {one.actor_part for one in replayed} == {"restoring"}


def switches_of(backup: list[UUID]) -> Q:
    return Q(pk__in=Switch.objects.filter(pk__in=backup).values("request_id"))


def test_a_line_about_somebody_unknown_or_erased_does_nothing() -> None:
    ada = person()
    limit(ada, VISITS)
    journal = lines()
    erasure.erase(ada, actor=Actor.person(ada), now=LATER)
    assert not any(all_again(journal))
    for line in journal:
        line["subject"] = str(UUID(int=5))
        assert not replay(line)
