"""Requests with their deadlines, proof rows that stay as they are, and people of a project's own table."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from seqlense.privacy import acts, holds, requests, running, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Act, Hold, RightsRequest

pytestmark = pytest.mark.django_db
JANUARY = datetime(2026, 1, 30, 12, tzinfo=UTC)
STAFF = Actor.system("test")


def test_deadlines_are_calendar_months_on_working_days() -> None:
    ada = subjects.create(now=JANUARY)
    asked = requests.receive(ada, RightsRequest.Kind.ERASURE, actor=Actor.person(ada), now=JANUARY)
    assert asked.due_on == date(2026, 3, 2), "28 February is a Saturday"
    assert requests.overdue(JANUARY + timedelta(days=40)) == [asked]
    requests.extend(asked, actor=STAFF, now=JANUARY + timedelta(days=20))
    assert asked.due_on == date(2026, 4, 30)
    with pytest.raises(requests.CannotExtend):
        requests.extend(asked, actor=STAFF, now=JANUARY + timedelta(days=21))
    requests.answer(asked, [], actor=STAFF, now=JANUARY + timedelta(days=60))
    assert requests.history(ada) == [asked]
    assert requests.overdue(JANUARY + timedelta(days=400)) == []


def test_too_late_to_extend() -> None:
    ada = subjects.create(now=JANUARY)
    asked = requests.receive(ada, RightsRequest.Kind.ACCESS, actor=STAFF, now=JANUARY, channel="post")
    with pytest.raises(requests.CannotExtend):
        requests.extend(asked, actor=STAFF, now=JANUARY + timedelta(days=60))


@pytest.mark.parametrize("statement", ["update privacy_act set kind = 'x'", "delete from privacy_act"])
def test_proof_rows_are_never_changed(statement: str) -> None:
    act = acts.record("test.done", actor=STAFF, now=JANUARY, rows=3, subjects={"one"})
    assert act.register_version == running.register().version
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Act.objects.get(kind="test.done").detail == {"rows": 3, "subjects": ["one"]}


def test_staff_says_why_and_the_person_may_see_it() -> None:
    ada, odile = subjects.create(now=JANUARY), subjects.create(now=JANUARY)
    act = acts.record_staff(
        "console.read", actor=Actor.staff(odile), subject=ada, reason="Her ticket of today", now=JANUARY
    )
    act.refresh_from_db()
    assert act.reason == "Her ticket of today"
    proof = Act.objects.get(kind="console.read")
    assert (proof.actor_subject, proof.detail) == (odile, {}), "the reason is in the sealed row only"


def test_holds_that_make_no_sense_are_refused() -> None:
    ada = subjects.create(now=JANUARY)
    with pytest.raises(holds.BadHold):
        holds.place(ada, reason=Hold.Reason.CLAIM, actor=STAFF, now=JANUARY, activity="nothing")
    with pytest.raises(holds.BadHold):
        holds.place(ada, reason=Hold.Reason.CLAIM, actor=STAFF, now=JANUARY, ends_at=JANUARY)
    holds.place(ada, reason=Hold.Reason.CLAIM, actor=STAFF, now=JANUARY, activity="accounts")
    holds.place(ada, reason=Hold.Reason.CLAIM, actor=STAFF, now=JANUARY, ends_at=JANUARY + timedelta(days=1))
    held = holds.activities_held(ada, JANUARY)
    assert set(held) == set(running.register().activities)
    assert (held["accounts"], held["mailing"]) == (None, JANUARY + timedelta(days=1))
