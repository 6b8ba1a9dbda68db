"""Retention: each rule at its time, holds, proofs, dry run, forecast, and all at once with other work."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from time import sleep
from types import SimpleNamespace
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from seqlense.privacy import access, destruction, erasure, holds, keystore, reach, retention, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Act, Archived, Hold, RetentionRun
from seqlense.privacy.retention import interrupted, sweep
from tests.privacy.shopping import NOW, person, shop

SYSTEM = Actor.system("retention")


@pytest.fixture
def _shop(db: None) -> Iterator[None]:
    with shop():
        yield


@pytest.fixture
def _lasting_shop(transactional_db: None) -> Iterator[None]:
    with shop():
        yield


def _shops(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {activity: found for activity, found in counts.items() if activity.startswith("shop_")}


def _run(now: datetime, *, dry_run: bool = False) -> dict[str, dict[str, int]]:
    return _shops(retention.run(now=now, actor=SYSTEM, dry_run=dry_run).counts)


def _reads(subject: UUID, key: str, now: datetime) -> list[tuple[object, bool]]:
    item = access.everything(subject, now=now).item(key)
    return [(one.value, one.archived) for one in item.values] if item else []


@pytest.mark.usefixtures("_lasting_shop")
def test_three_phases_of_a_life() -> None:
    ada = person()
    assert _run(NOW) == {"shop_orders": {"deleted": 1, "cleared": 1}}, (
        "address and parcel: a year after payment"
    )
    assert _reads(ada, "shop_orders.address", NOW) == []
    assert _reads(ada, "shop_orders.lines", NOW) == [("three books", False)]

    archived = datetime(2027, 1, 23, 9, 30, tzinfo=NOW.tzinfo)
    assert _run(archived - timedelta(minutes=1)) == {}
    assert _run(archived) == {"shop_visits": {"archived": 2}}, "three months after the visit"
    assert sorted(_reads(ada, "shop_visits.page", archived)) == [("books", True), ("maps", True)]

    gone = datetime(2027, 10, 23, 9, 30, tzinfo=NOW.tzinfo)
    assert _run(gone) == {"shop_visits": {"deleted": 2}}, "a year after the visit"
    with reach.maintenance():
        assert Archived.objects.count() == 0
    assert set(keystore.keys_for([(ada, "shop_visits"), (ada, "shop_orders")])) == {(ada, "shop_orders")}
    proofs = Act.objects.filter(kind="privacy.swept", detail__activity="shop_visits")
    assert sorted(one.detail["outcome"] for one in proofs) == ["archived", "deleted"]

    assert _run(NOW.replace(year=2034)) == {"shop_orders": {"deleted": 1}}, "ten years, by law"
    assert _reads(ada, "shop_customers.email", gone) == [("ada@example.org", False)], "never left"


@pytest.mark.usefixtures("_lasting_shop")
def test_a_sweep_that_was_cut_off_is_noted_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never while it lives: its lock is on another connection then."""
    person()

    def die(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr("seqlense.privacy.retention.sweep._finish", die)
    with pytest.raises(SystemExit):
        retention.run(now=NOW, actor=SYSTEM)
    monkeypatch.undo()
    cut_off = RetentionRun.objects.get()
    during: list[str] = []

    def other() -> None:
        retention.run(now=NOW, actor=SYSTEM)

    with interrupted.alive(cut_off):
        assert _together(other) == []
        during.append(RetentionRun.objects.get(pk=cut_off.pk).status)
    assert during == ["running"]
    assert _run(NOW) == {}
    cut_off.refresh_from_db()
    assert (cut_off.status, cut_off.code, cut_off.finished_at) == ("failed", "interrupted", None)
    assert _shops(cut_off.counts) == {"shop_orders": {"deleted": 1, "cleared": 1}}, "as its proofs count"


@pytest.mark.usefixtures("_lasting_shop")
def test_what_an_erasure_left_goes_by_itself() -> None:
    ada = person()
    hold = holds.place(ada, reason=Hold.Reason.CLAIM, actor=SYSTEM, now=NOW, activity="shop_customers")
    erasure.erase(ada, actor=SYSTEM, now=NOW)
    assert _run(NOW + timedelta(days=1)) == {}
    holds.lift(hold.pk, actor=SYSTEM, now=NOW + timedelta(days=2))
    with pytest.raises(holds.HoldEnded):
        holds.lift(hold.pk, actor=SYSTEM, now=NOW + timedelta(days=2))
    assert _run(NOW + timedelta(days=3)) == {"shop_customers": {"deleted": 1}}
    assert _run(NOW.replace(year=2034)) == {"shop_orders": {"deleted": 1}}
    with reach.maintenance():
        assert not Archived.objects.filter(activity__startswith="shop_").exists()
    assert keystore.keys_for([(ada, "shop_customers"), (ada, "shop_orders")]) == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_a_hold_stops_the_sweep_for_one_person_only() -> None:
    ada, _ = person(), person()
    holds.place(ada, reason=Hold.Reason.AUTHORITY, actor=SYSTEM, now=NOW, ends_at=NOW + timedelta(days=10))
    assert _run(NOW) == {"shop_orders": {"deleted": 1, "cleared": 1}}
    assert _reads(ada, "shop_orders.address", NOW) == [("1 rue des Lilas, Metz", False)]
    assert _run(NOW + timedelta(days=11)) == {"shop_orders": {"deleted": 1, "cleared": 1}}


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_dry_run_and_forecast_change_nothing_and_agree() -> None:
    person()
    said = _run(NOW, dry_run=True)
    assert said == {"shop_orders": {"deleted": 1, "cleared": 1}}
    assert not Act.objects.filter(kind="privacy.swept").exists()
    coming = [one for one in retention.forecast(now=NOW, days=100) if one.activity.startswith("shop_")]
    assert [(one.activity, one.day, one.outcome, one.rows) for one in coming] == [
        ("shop_orders", date(2026, 11, 23), "cleared", 1),
        ("shop_orders", date(2026, 11, 23), "deleted", 1),
        ("shop_visits", date(2027, 1, 23), "archived", 2),
    ]
    assert _run(NOW) == said
    assert [one.dry_run for one in RetentionRun.objects.order_by("id")] == [True, False]


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_a_clock_moved_back_stops_it() -> None:
    retention.run(now=NOW, actor=SYSTEM)
    with pytest.raises(retention.ClockMovedBack):
        retention.run(now=NOW - timedelta(seconds=1), actor=SYSTEM)


@pytest.mark.django_db
@pytest.mark.usefixtures("_shop")
def test_progress_is_told_and_batches_are_small() -> None:
    from tests.privacy.shop.models import Visit

    who, old = subjects.create(now=NOW), NOW - timedelta(days=800)
    Visit.objects.bulk_create(
        Visit(subject_id=who, page="page", at=old + timedelta(seconds=n)) for n in range(12_000)
    )
    told: list[retention.Progress] = []
    done = retention.run(now=NOW, actor=SYSTEM, progress=told.append)
    assert done.rows == 12_000
    assert len(told) > 1
    assert told[-1].total == 12_000
    assert Act.objects.filter(kind="privacy.swept").count() == len(told)
    assert done.status == RetentionRun.Status.DONE


def _together(*works: Callable[[], None]) -> list[BaseException]:
    """Run all of them at once; what they failed with."""
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 (told in the test's own thread)
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


@pytest.mark.usefixtures("_lasting_shop")
def test_erasing_while_a_sweep_and_an_export_run() -> None:
    people = [person() for _ in range(12)]
    later = NOW.replace(year=2028)

    def erase() -> None:
        for subject in people[:8]:
            erasure.erase(subject, actor=SYSTEM, now=NOW)

    def export() -> None:
        for subject in people * 2:
            access.package(subject, actor=SYSTEM, now=NOW)

    def sweep() -> None:
        for days in range(4):
            retention.run(now=later + timedelta(days=days), actor=SYSTEM)

    assert _together(erase, export, sweep) == []
    destruction.drain()
    for subject in people:
        assert _reads(subject, "shop_visits.page", later) == []
        assert {value for value, _ in _reads(subject, "shop_orders.lines", later)} == {"three books"}
    for subject in people[8:]:
        assert _reads(subject, "shop_customers.email", later) == [("ada@example.org", False)]


@pytest.mark.usefixtures("_lasting_shop")
def test_a_sweep_gives_way_to_others_at_work(
    monkeypatch: pytest.MonkeyPatch, as_owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """It rests as long as a batch took while somebody is at work, and not when it is alone."""
    from tests.privacy.shop.models import Visit

    rests: list[float] = []
    ticks = itertools.count()
    monkeypatch.setattr(sweep, "time", SimpleNamespace(perf_counter=lambda: next(ticks), sleep=rests.append))
    monkeypatch.setattr(sweep, "FIRST", 2)
    monkeypatch.setattr(sweep, "_fitting", lambda size, took: size)
    who, old = subjects.create(now=NOW), NOW - timedelta(days=800)
    for alone in (False, True):
        Visit.objects.bulk_create(
            Visit(subject_id=who, page="page", at=old + timedelta(seconds=n)) for n in range(4)
        )
        with nullcontext() if alone else as_owner.transaction():
            as_owner.execute("select 1")
            sleep(0.05 if alone else 0)
            _run(NOW)
    assert rests == [sweep.GIVING_WAY, sweep.GIVING_WAY]
