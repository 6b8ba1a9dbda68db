"""Erasure: item by item, wholly or not at all, keys destroyed, what the law keeps out of reach."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from seqlense.privacy import access, destruction, erasure, holds, keystore, reach, signals, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Act, Archived, Hold, KeyDestruction, RightsRequest, StaffAct, Subject
from tests.privacy.shopping import NOW, person, shop

ACTIVITIES = ["shop_customers", "shop_orders", "shop_visits"]


@pytest.fixture
def _shop(db: None) -> Iterator[None]:
    with shop():
        yield


@pytest.fixture
def _lasting_shop(transactional_db: None) -> Iterator[None]:
    with shop():
        yield


def _outcomes(decision: erasure.Decision) -> dict[str, tuple[str, str]]:
    return {one.item: (one.outcome, one.because) for one in decision.items}


def _erase(subject: UUID) -> erasure.Decision:
    return erasure.erase(subject, actor=Actor.person(subject), now=NOW)


def _keys(subject: UUID) -> set[str]:
    found = keystore.keys_for([(subject, activity) for activity in ACTIVITIES])
    return {activity for _, activity in found}


def _rows(subject: UUID) -> int:
    from tests.privacy.shop.models import Customer, Order, Parcel, Visit

    return sum(model.objects.filter(subject_id=subject).count() for model in (Customer, Order, Parcel, Visit))


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_a_preview_says_what_the_erasure_then_does_and_writes_nothing() -> None:
    ada = person()
    with CaptureQueriesContext(connection) as statements:
        said = erasure.preview(ada, now=NOW)
    assert not [
        one for one in statements if one["sql"].lower().startswith(("insert", "update", "delete", "with"))
    ]
    outcomes = _outcomes(said)
    assert outcomes["shop_customers.email"] == ("erased", "request")
    assert outcomes["shop_orders.address"] == ("erased", "request")
    assert outcomes["shop_orders.amount"] == ("kept", "law")
    kept = next(one for one in said.kept if one.item == "shop_orders.lines")
    assert kept.until == NOW.replace(year=2034)
    assert kept.law is not None
    assert "L123-22" in kept.law.in_("fr")
    assert _erase(ada).items == said.items


@pytest.mark.usefixtures("_lasting_shop")
def test_what_may_go_is_gone_and_the_rest_is_out_of_reach() -> None:
    ada, bob = person(), person()
    subjects.attach(ada, "email", "ada@example.org")
    assert _keys(ada) == set(ACTIVITIES)
    _erase(ada)
    assert _rows(ada) == 0
    assert _rows(bob) == 5
    assert _keys(ada) == {"shop_orders"}, "the law keeps an order: its key stays, no other"
    assert KeyDestruction.objects.count() == 0
    assert subjects.find("email", "ada@example.org") is None
    with pytest.raises(ProgrammingError), transaction.atomic():
        Archived.objects.exists()  # out of the application's reach
    with reach.maintenance():
        archived = Archived.objects.get(subject_id=ada)
    assert set(archived.values) == {"amount", "lines", "paid_at"}
    assert b"three books" not in str(archived.values).encode()
    found = access.everything(ada, now=NOW)
    lines = found.item("shop_orders.lines")
    assert lines is not None
    assert [(one.value, one.archived, one.until) for one in lines.values] == [
        ("three books", True, NOW.replace(year=2034))
    ]
    assert found.item("shop_orders.address") is None
    odile = subjects.create(now=NOW)
    with pytest.raises(access.ReasonMissing):
        access.archived(ada, actor=Actor.staff(odile), reason=" ", now=NOW)
    seen = access.archived(ada, actor=Actor.staff(odile), reason="Tax inspection of 2026", now=NOW)
    assert {item.item.key for one in seen.activities for item in one.items} == {
        f"shop_orders.{name}" for name in ("amount", "lines", "dates")
    }
    assert StaffAct.objects.get(subject_id=ada).reason == "Tax inspection of 2026"
    proof = Act.objects.get(kind="privacy.erased")
    assert (proof.subject, proof.actor_kind, proof.detail["kept"]) == (ada, "person", ["shop_orders"])
    request = RightsRequest.objects.get(subject_id=ada)
    assert request.answered_at == NOW
    assert {
        "item": "shop_visits.page",
        "outcome": "erased",
        "until": None,
        "because": "request",
    } in request.outcome


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_while_a_contract_runs_its_items_stay_in_place() -> None:
    from tests.privacy.shop.models import Order

    ada = person()
    running = Order.objects.create(
        subject_id=ada, amount=10, lines="a map", address="2 rue Haute", paid_at=None
    )
    decision = _erase(ada)
    kept = [one for one in decision.kept if one.item == "shop_orders.lines"]
    assert {(one.because, one.until) for one in kept} == {("contract", None), ("law", NOW.replace(year=2034))}
    running.refresh_from_db()
    assert (running.lines, running.address) == ("a map", None)
    assert decision.in_place


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_a_hold_keeps_one_activity_out_of_reach_until_it_ends() -> None:
    ada = person()
    until = NOW + timedelta(days=30)
    holds.place(
        ada,
        reason=Hold.Reason.LITIGATION,
        actor=Actor.system("test"),
        now=NOW,
        activity="shop_visits",
        ends_at=until,
    )
    decision = _erase(ada)
    assert _outcomes(decision)["shop_visits.page"] == ("kept", "hold")
    assert next(one for one in decision.kept if one.because == "hold").until == until
    assert _outcomes(decision)["shop_customers.email"] == ("erased", "request")
    assert _rows(ada) == 0
    page = access.everything(ada, now=NOW).item("shop_visits.page")
    assert page is not None
    assert {one.value for one in page.values} == {"books", "maps"}


@pytest.mark.usefixtures("_lasting_shop")
def test_a_fault_at_any_step_leaves_everything_as_it_was() -> None:
    class Fault(Exception):
        pass

    def failing_at(step: int) -> Any:
        seen = [0]

        def wrapper(execute: Any, sql: str, *rest: Any) -> Any:
            seen[0] += 1
            if seen[0] == step:
                raise Fault
            return execute(sql, *rest)

        return wrapper

    ada, step = person(), 0
    while True:
        step += 1
        try:
            with connection.execute_wrapper(failing_at(step)):
                _erase(ada)
        except Fault:
            if Subject.objects.get(pk=ada).erased_at is not None:
                break  # from here on the deletion has been committed: what follows is the keys' end
            assert _rows(ada) == 5
            with reach.maintenance():
                assert (_keys(ada), Archived.objects.count()) == (set(ACTIVITIES), 0)
            assert not RightsRequest.objects.exists()
            assert not Act.objects.filter(kind="privacy.erased").exists()
        else:
            break
    assert step > 10
    assert _rows(ada) == 0
    assert RightsRequest.objects.count() == 1
    destruction.drain()
    assert _keys(ada) == {"shop_orders"}


@pytest.mark.usefixtures("_lasting_shop")
def test_keys_are_destroyed_later_if_the_process_ends_before(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = person()
    monkeypatch.setattr(destruction, "_finish", lambda asked: None)
    _erase(ada)
    assert destruction.waiting() == 1
    assert _keys(ada) == set(ACTIVITIES)
    assert destruction.drain() == 1
    assert (_keys(ada), destruction.waiting(), destruction.drain()) == ({"shop_orders"}, 0, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_rooms_are_asked_first_and_may_refuse() -> None:
    ada = person()

    def refuse(**_: Any) -> None:
        raise PermissionError

    signals.erasing.connect(refuse)
    try:
        with pytest.raises(PermissionError):
            _erase(ada)
    finally:
        signals.erasing.disconnect(refuse)
    assert _rows(ada) == 5
    with pytest.raises(erasure.UnknownSubject):
        _erase(UUID(int=7))


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_the_same_request_again_does_nothing() -> None:
    ada = person()
    _erase(ada)
    with pytest.raises(erasure.UnknownSubject):
        _erase(ada)
    assert Act.objects.filter(kind="privacy.erased").count() == 1
    assert RightsRequest.objects.filter(subject_id=ada).count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_statements_do_not_grow_with_rows() -> None:
    from tests.privacy.shop.models import Visit

    few, many = person(), person()
    Visit.objects.bulk_create(Visit(subject_id=many, page=f"page {n}", at=NOW) for n in range(300))
    counts = []
    for subject in (few, many):
        with CaptureQueriesContext(connections["default"]) as statements:
            _erase(subject)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert _rows(many) == 0
