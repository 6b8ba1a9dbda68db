"""A database restored from before an erasure goes through it again, though no key opens a row any more."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from seqlense.privacy import (
    access,
    erasure,
    holds,
    keystore,
    reach,
    requests,
    retention,
    signals,
    subjects,
    switches,
)
from seqlense.privacy.actor import Actor
from seqlense.privacy.log import journal
from seqlense.privacy.models import Act, Archived, Hold, KeyDestruction, RightsRequest, Subject
from tests.privacy.shopping import NOW, as_owner, person, shop

TABLES = ["privacy_subject", "shop_customer", "shop_order", "shop_parcel", "shop_visit"]
LATER = NOW + timedelta(days=9)
ACTIVITIES = ["shop_customers", "shop_orders", "shop_visits"]


@pytest.fixture(autouse=True)
def _shop(transactional_db: None) -> Iterator[None]:
    with shop():
        yield


def back_up() -> None:
    with as_owner(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"create temporary table backup_{table} as select * from {table}")


def restore() -> None:
    """The rows as they were; nothing that was written since."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("delete from privacy_archived")
        cursor.execute("delete from privacy_subject")
        for table in TABLES:
            cursor.execute(f"insert into {table} select * from backup_{table}")
            cursor.execute(f"drop table backup_{table}")


def line_of(kind: str, index: int = 7) -> dict[str, Any]:
    act = Act.objects.get(kind=kind)
    line = {"index": index, "at": act.at.isoformat(), "kind": kind, "subject": str(act.subject)}
    return dict(json.loads(json.dumps(line | {"detail": act.detail})))


def held(subject: UUID, now: datetime) -> dict[str, list[Any]]:
    found = access.everything(subject, now=now)
    return {
        item.item.key: [(one.value, one.until, one.archived) for one in item.values]
        for activity in found.activities
        for item in activity.items
        if item.item.key != "rights_requests.proof"  # of the act that did it again
    }


def test_everything_of_ours_is_in_the_journal() -> None:
    wanted = {*switches.REPLAYED, *holds.REPLAYED, *requests.REPLAYED, *erasure.REPLAYED}
    assert wanted <= journal.REPLAYED


def test_an_erasure_is_done_again_as_it_was_though_no_key_opens_a_row() -> None:
    ada, bob = person(), person()
    subjects.attach(ada, "email", "ada@example.org")
    back_up()
    first = erasure.erase(ada, actor=Actor.person(ada), now=NOW, channel="post")
    after = held(ada, LATER)
    [request] = RightsRequest.objects.values("pk", "received_at", "answered_at", "outcome", "channel")
    restore()
    assert set(keystore.keys_for([(ada, one) for one in ACTIVITIES])) == {(ada, "shop_orders")}
    line = line_of("privacy.erased")
    heard: list[bool] = []

    def listen(*, replayed: bool = False, **_: Any) -> None:
        heard.append(replayed)

    signals.erasing.connect(listen)
    again = erasure.replay(line, now=LATER)
    signals.erasing.disconnect(listen)
    assert heard == [True]
    assert again is not None
    assert again.items == first.items
    assert held(ada, LATER) == after
    assert Subject.objects.get(pk=ada).erased_at == NOW
    assert [request] == list(
        RightsRequest.objects.values("pk", "received_at", "answered_at", "outcome", "channel")
    )
    assert subjects.find("email", "ada@example.org") is None
    assert KeyDestruction.objects.count() == 0
    act = Act.objects.get(kind="privacy.erasure_replayed")
    assert (act.at, act.subject, act.actor_part) == (LATER, ada, "restoring")
    assert (act.detail["index"], act.detail["at"]) == (7, NOW.isoformat())
    assert erasure.replay(line, now=LATER) is None, "once is enough"
    assert len(held(bob, LATER)) > len(after)
    assert erasure.replay(line | {"subject": str(UUID(int=9))}, now=LATER) is None


def test_a_hold_of_before_the_erasure_keeps_the_same_again_until_it_is_lifted() -> None:
    ada = person()
    back_up()
    made = holds.place(
        ada, reason=Hold.Reason.LITIGATION, actor=Actor.system("test"), now=NOW, activity="shop_visits",
        ends_at=LATER + timedelta(days=90),
    )  # fmt: skip
    erasure.erase(ada, actor=Actor.person(ada), now=NOW + timedelta(hours=1))
    after = held(ada, LATER)
    holds.lift(made.pk, actor=Actor.system("test"), now=NOW + timedelta(days=2))
    journal_lines = [line_of(f"privacy.{act}") for act in ("hold_placed", "erased", "hold_lifted")]
    restore()
    assert holds.replay(journal_lines[0], now=LATER)
    assert erasure.replay(journal_lines[1], now=LATER) is not None
    assert {key: [one[0] for one in values] for key, values in held(ada, LATER).items()} == {
        key: [one[0] for one in values] for key, values in after.items()
    }
    assert holds.replay(journal_lines[2], now=LATER)
    assert not any(holds.replay(line, now=LATER) for line in (journal_lines[0], journal_lines[2]))
    retention.run(now=LATER, actor=Actor.system("test"))
    with reach.maintenance():
        assert not Archived.objects.filter(activity="shop_visits").exists()


def test_what_was_corrected_since_is_counted_by_people() -> None:
    ada, bob = person(), person()
    for who, item in (
        (ada, "shop_customers.name"),
        (ada, "shop_customers.email"),
        (bob, "shop_customers.name"),
    ):
        requests.rectified(who, [item], actor=Actor.person(who), now=NOW)
    lines = [
        {"index": place, "at": NOW.isoformat(), "kind": act.kind, "subject": str(act.subject)}
        | {"detail": act.detail}
        for place, act in enumerate(Act.objects.filter(kind=requests.RECTIFIED))
    ]
    assert not any(requests.replay(line, now=LATER) for line in lines)
    assert requests.corrections_lost(lines) == 2
    erasure.erase(bob, actor=Actor.person(bob), now=NOW)
    assert requests.corrections_lost(lines) == 1
