"""Those concerned are written to once, whoever stops the work; nobody else is, and no list stays."""

from collections.abc import MutableMapping
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seqlense.accounts import closing
from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.mailing.models import Message
from seqlense.privacy import erasure, subjects, switches
from seqlense.privacy.publishing import answering, dates, people_sql, signals, telling
from seqlense.privacy.publishing.models import NoticeVersion, Telling, Told
from seqlense.privacy.records import Act
from seqlense.privacy.switches import Ground, Kind
from tests import cast
from tests.postbox import Postbox
from tests.privacy.publishing.editions import altered, on, publish_running, published, without_zone

pytestmark = pytest.mark.django_db
NOW = clock.now()  # mail is delivered by the clock
AGO = NOW - timedelta(days=60)


def changed() -> NoticeVersion:
    """Accounts hold one item more than before: whoever has an account is to be told."""
    published(altered(without_zone), now=AGO)
    explanation = {"fr": "Nous affichons vos heures.", "en": "We show your own hours."}
    return publish_running(now=NOW, explanation=explanation)


def test_those_concerned_get_one_message_each_in_their_language(postbox: Postbox) -> None:
    alice, bob = cast.alice(), cast.bob()
    subjects.create(now=AGO)  # known, and nothing is held about them
    made = changed()
    assert telling.go_on(now=NOW) == 2
    letters = {str(one["To"]): one for one in postbox.deliver()}
    assert set(letters) == {alice.email, bob.email}
    french, english = (letters[one.email].get_body(("plain",)).get_content() for one in (alice, bob))  # type: ignore[union-attr]  # a message has one
    assert "Comptes et authentification" in french
    assert "donnée ajoutée" in french
    assert dates.day(NOW.date(), "fr") in french
    assert "Nous affichons vos heures." in french
    assert "Accounts and sign-in: item added" in english
    assert "/en/notices/news/" in english
    found = Telling.objects.get(version=made)
    assert (found.looked, found.posted, found.finished_at) == (2, 2, NOW)
    assert telling.go_on(now=NOW) == 0
    assert Act.objects.get(kind="notices.told").detail == {"version": 2, "people": 2, "messages": 2}
    assert {one.subject_id for one in Told.objects.all()} == {alice.subject_id, bob.subject_id}


def test_limits_dont_keep_it_away_and_leaving_does(postbox: Postbox) -> None:
    alice, bob, charlie = cast.alice(), cast.bob(), cast.charlie()
    who = alice.subject_id
    switches.set(Kind.RESTRICTION, who, "accounts", ground=Ground.ACCURACY, actor=cast.actor(alice), now=AGO)
    changed()
    Message.objects.all().delete()  # what was written about the limit
    telling.go_on(now=NOW)
    closing.close(bob, actor=cast.actor(bob), now=NOW)
    erasure.erase(charlie.subject_id, actor=cast.actor(charlie), now=NOW)
    Message.objects.exclude(template="accounts.notices").delete()
    assert [str(one["To"]) for one in postbox.deliver()] == [alice.email]
    assert not Told.objects.filter(subject_id=charlie.subject_id).exists()


def test_whoever_has_no_address_here_leaves_no_row() -> None:
    alice = cast.alice()
    Account.objects.filter(pk=alice.pk).update(closed_at=NOW)
    made = changed()
    telling.go_on(now=NOW)
    found = Telling.objects.get(version=made)
    assert (found.looked, found.posted, Told.objects.count()) == (1, 0, 0)


def test_whoever_has_read_it_on_a_page_meanwhile_is_not_written_to(postbox: Postbox) -> None:
    alice, bob = cast.alice(), cast.bob()
    changed()
    who = cast.actor(alice)
    answering.put_away(alice.subject_id, 2, language="fr", actor=who, now=NOW)
    telling.go_on(now=NOW)
    assert [str(one["To"]) for one in postbox.deliver()] == [bob.email]


class Stopped(Exception):
    """The process ended here."""


@pytest.fixture
def many() -> list[UUID]:
    """Seven people with accounts, as a receiver that lives in the test alone sees them."""
    people = [cast.person(f"P{number}", f"p{number}@arnaud.example") for number in range(7)]
    return sorted(one.subject_id for one in people)


def test_stopped_in_the_middle_it_goes_on_and_nobody_gets_it_twice(
    many: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    made, seen = changed(), 0

    def stop(*, waiting: MutableMapping[UUID, UUID], **_: object) -> None:
        nonlocal seen
        seen += 1
        if seen in (2, 3):
            raise Stopped

    signals.telling.connect(stop)
    try:
        for done in (2, 2, 7):
            try:
                telling.go_on(now=NOW)
            except Stopped:
                assert Telling.objects.get(version=made).looked == done
    finally:
        signals.telling.disconnect(stop)
    posted = list(Message.objects.filter(template="accounts.notices").values_list("subject_id", flat=True))
    assert sorted(posted) == many
    assert Telling.objects.get(version=made).finished_at == NOW


def test_the_rate_is_bounded(many: list[UUID]) -> None:
    changed()
    assert telling.go_on(now=NOW, most=3) == 3
    assert Message.objects.filter(template="accounts.notices").count() == 3
    assert telling.go_on(now=NOW + timedelta(minutes=1), most=3) == 3
    assert telling.go_on(now=NOW + timedelta(minutes=2), most=3) == 1


def test_finding_the_next_people_takes_as_many_statements_for_a_hundred_as_for_two(many: list[UUID]) -> None:
    made = changed()

    def statements(most: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            people_sql.batch(["accounts"], before=made.published_at, after=None, most=most)
        return len(asked)

    assert statements(2) == statements(100)


def test_a_change_in_sending_mail_concerns_those_to_whom_mail_is_sent() -> None:
    cast.alice()

    def longer(document: dict[str, object]) -> None:
        found = next(one for one in document["activities"] if one["id"] == "mailing")  # type: ignore[attr-defined]  # plain data
        found["purpose"] = {"fr": "Autre.", "en": "Other."}

    published(altered(longer), now=AGO)
    assert publish_running(now=NOW).concerned == 1


def test_a_letter_asks_where_an_answer_is_needed() -> None:
    cast.alice()
    published(altered(on("consent")), now=AGO - timedelta(days=9))
    published(altered(on("consent"), lambda document: None, of=None), now=AGO)
    row = published(altered(on("contract")), now=NOW, by_mail=True)
    telling.go_on(now=NOW)
    told = Told.objects.get(version=row)
    letter = telling.letter(told.pk, "fr")
    assert letter is not None
    assert letter.answer
    assert telling.letter(row.pk, "fr") is None
