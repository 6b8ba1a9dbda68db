"""Staff read, answer, note, assign, close; nobody answers past anybody, and people can see who read."""

from datetime import timedelta

import pytest

from seqlense.accounts.models import Account
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import access, alarms, requests
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import RightsRequest, StaffAct
from seqlense.support import handling, queries, speaking
from seqlense.support.errors import ChangedMeanwhile, Closed, NotFound, RightRefused
from seqlense.support.models import Message, State
from tests import cast
from tests.postbox import Postbox
from tests.support import asked
from tests.support.asked import LATER, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def paul(db: None) -> Account:
    return cast.paul()


def of(account: Account) -> Actor:
    return Actor.staff(account.subject_id)


def test_an_answer_is_on_our_page_and_the_mail_says_only_that(postbox: Postbox, paul: Account) -> None:
    made = asked.confirmed()
    postbox.deliver()
    done = asked.answered(made, paul, text="Redémarrez la Zwetschge.")
    assert (done.state, done.assignee_id) == (State.THEIRS, paul.subject_id)
    [mail] = postbox.deliver()
    assert mail["To"] == asked.ADDRESS
    body = mail.as_string()
    for word in ("Zwetschge", "Imprimante", "Paul", "Eve"):
        assert word not in body
    assert asked.replied(made).state is State.THEIRS, "said at the same moment: ours was the later"
    assert asked.replied(made, now=LATER + timedelta(minutes=9)).state is State.OURS


def test_two_answers_at_once_lose_nothing(paul: Account) -> None:
    odile = cast.odile()
    made = asked.confirmed()
    seen, ticket = made.revision, uuid7()
    for _twice in range(2):
        handling.answer(made.pk, "le premier", seen=seen, identifier=ticket, actor=of(paul), now=LATER)
    with pytest.raises(ChangedMeanwhile):
        handling.answer(made.pk, "le second", seen=seen, identifier=uuid7(), actor=of(odile), now=LATER)
    with pytest.raises(ChangedMeanwhile):
        handling.close(made.pk, seen=seen, actor=of(odile), now=LATER)
    assert [one.text for one in Message.objects.filter(by="staff")] == ["le premier"]


def test_a_closed_request_is_opened_again_before_anybody_answers(paul: Account) -> None:
    made = asked.confirmed()
    handling.close(made.pk, seen=made.revision, actor=of(paul), now=LATER)
    with pytest.raises(Closed):
        asked.answered(made, paul)
    assert handling.reopen(made.pk, actor=of(paul), now=LATER).state is State.NEW
    assert asked.answered(made, paul).state is State.THEIRS


def test_it_is_given_to_staff_and_to_nobody_else(paul: Account) -> None:
    made, odile, bob = asked.confirmed(), cast.odile(), cast.bob()
    given = handling.assign(made.pk, odile.subject_id, seen=made.revision, actor=of(paul), now=LATER)
    assert list(queries.inbox(None, odile.subject_id)) == [given]
    with pytest.raises(NotFound):
        handling.assign(made.pk, bob.subject_id, seen=given.revision, actor=of(paul), now=LATER)
    assert handling.assign(made.pk, None, seen=given.revision, actor=of(paul), now=LATER).assignee_id is None


def test_a_customer_is_an_organisation_that_exists(paul: Account) -> None:
    home = cast.company().organisation
    made = asked.confirmed()
    linked = handling.link_customer(made.pk, home.pk, seen=made.revision, actor=of(paul), now=LATER)
    assert linked.customer_id == home.pk
    with pytest.raises(NotFound):
        handling.link_customer(made.pk, uuid7(), seen=linked.revision, actor=of(paul), now=LATER)


def test_a_right_runs_from_the_day_the_person_wrote(paul: Account) -> None:
    made = asked.confirmed()
    late = NOW + timedelta(days=12)
    noted = handling.note_right(made.pk, RightsRequest.Kind.ERASURE, actor=of(paul), now=late)
    assert (noted.received_at, noted.channel, noted.subject_id) == (NOW, "email", made.subject_id)
    assert noted.due_on == requests.due_on(NOW)
    with pytest.raises(RightRefused):
        handling.note_right(made.pk, RightsRequest.Kind.ACCESS, actor=of(paul), now=late)


def test_reading_and_notes_are_part_of_what_the_person_may_see(paul: Account) -> None:
    made = asked.confirmed()
    handling.read(made.pk, actor=of(paul), now=LATER)
    handling.note(made.pk, "Semble pressée.", actor=of(paul), now=LATER)
    read = StaffAct.objects.get(subject_id=made.subject_id)
    assert (read.kind, read.author) == ("support.read", paul.subject_id)
    assert made.reference in read.reason
    held = access.everything(made.subject_id, now=LATER)
    notes = held.item("support.notes")
    assert notes is not None
    assert [one.value for one in notes.values] == ["Semble pressée."]
    unsure = asked.by_stranger(address="kim@ailleurs.example")
    with pytest.raises(NotFound):
        handling.read(unsure.pk, actor=of(paul), now=LATER)


def test_an_answered_request_nobody_takes_up_again_is_closed(paul: Account) -> None:
    made, other = asked.confirmed(), asked.confirmed(address="kim@ailleurs.example")
    asked.answered(made, paul)
    end = LATER + timedelta(days=90)
    assert speaking.close_silent(now=end - timedelta(seconds=1)) == 0
    assert speaking.close_silent(now=end + timedelta(seconds=1)) == 1
    made.refresh_from_db()
    other.refresh_from_db()
    assert (made.state, other.state) == (State.CLOSED, State.NEW)


def test_alarms_tell_of_what_waits_without_a_name(paul: Account) -> None:
    made = asked.confirmed()
    told = {one.code: one for one in alarms.all(LATER) if one.part == "support"}
    assert (list(told), told["support.waiting"].about) == (["support.waiting"], "")
    late = alarms.all(NOW + timedelta(days=4))
    assert [one.about for one in late if one.code == "support.late"] == ["1"]
    asked.answered(made, paul)
    assert not [one for one in alarms.all(NOW + timedelta(days=4)) if one.part == "support"]
