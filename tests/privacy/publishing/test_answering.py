"""Whoever is concerned is told until they answer; a yes and a no leave proof; nothing is assumed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seqlense.accounts.models import Account
from seqlense.privacy import access, consent, subjects
from seqlense.privacy.consent.models import Receipt
from seqlense.privacy.publishing import answering, signals
from seqlense.privacy.publishing.errors import AnswerFirst, NothingAsked
from seqlense.privacy.publishing.models import Acknowledgement, NoticeVersion
from seqlense.privacy.publishing.weighing import Demand
from seqlense.privacy.records import Act
from tests import cast
from tests.privacy.consent.club import LETTERS, NEWS, club, give
from tests.privacy.publishing.editions import (
    Document,
    activity,
    altered,
    on,
    publish_running,
    published,
    without_zone,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
AGO = NOW - timedelta(days=60)
Kind = Acknowledgement.Kind


def elsewise(document: Document) -> None:
    activity(document, "accounts")["purpose"] = {"fr": "Autre but.", "en": "Another purpose."}


def put_away(account: Account, number: int) -> Acknowledgement | None:
    return answering.put_away(account.subject_id, number, language="fr", actor=cast.actor(account), now=NOW)


def answer(account: Account, number: int, *, accepted: bool, name: str = "accounts") -> Acknowledgement:
    return answering.answer(
        account.subject_id,
        number,
        name,
        accepted=accepted,
        language="fr",
        actor=cast.actor(account),
        now=NOW,
    )


def asked(ground: str = "consent") -> NoticeVersion:
    """The purpose of accounts changed, which rested on consent (or on a contract)."""
    before = altered(on(ground), elsewise)
    published(before, now=AGO)
    return published(altered(on(ground)), now=NOW)


def test_the_one_concerned_is_told_until_they_put_it_away_and_a_stranger_never() -> None:
    alice, stranger = cast.alice(), subjects.create(now=AGO)
    published(altered(without_zone), now=AGO)
    made = publish_running(now=NOW)
    news = answering.pending(alice.subject_id)
    assert news is not None
    assert (news.number, news.before, news.demands) == (2, 1, ())
    assert news.lines("fr") == ("Comptes et authentification\u00a0: donnée ajoutée (Fuseau horaire)",)
    assert news.lines("en") == ("Accounts and sign-in: item added (Time zone)",)
    assert answering.pending(stranger) is None
    noted = put_away(alice, 2)
    assert noted is not None
    assert (noted.kind, noted.shown, noted.at) == (Kind.READ, made.content_hash, NOW)
    assert answering.pending(alice.subject_id) is None
    assert put_away(alice, 2) is None  # the second click
    assert Acknowledgement.objects.count() == 1
    assert Act.objects.filter(kind="notices.read", subject=alice.subject_id).count() == 1


def test_nobody_puts_away_what_does_not_concern_them() -> None:
    published(altered(without_zone), now=AGO)
    stranger = subjects.create(now=AGO)
    cast.alice()
    publish_running(now=NOW)
    for number in (1, 2, 7):
        with pytest.raises(NothingAsked):
            answering.put_away(
                stranger, number, language="fr", actor=cast.actor(cast_stranger(stranger)), now=NOW
            )


def cast_stranger(subject: Any) -> Any:
    """Something with a subject, as `cast.actor` wants it."""
    return type("Stranger", (), {"subject_id": subject})


def test_two_versions_wait_as_one_and_go_together() -> None:
    alice = cast.alice()
    published(altered(without_zone, elsewise), now=AGO)
    published(altered(elsewise), now=AGO + timedelta(days=1))
    publish_running(now=NOW)
    news = answering.pending(alice.subject_id)
    assert news is not None
    assert (news.before, news.number) == (1, 3)
    assert [(one.version, one.said) for one in news.items("en")] == [(2, "item added"), (3, "purpose")]
    put_away(alice, 3)
    assert answering.pending(alice.subject_id) is None


def test_reading_the_older_one_leaves_the_newer() -> None:
    alice = cast.alice()
    published(altered(without_zone, elsewise), now=AGO)
    published(altered(elsewise), now=AGO + timedelta(days=1))
    publish_running(now=NOW)
    put_away(alice, 2)
    news = answering.pending(alice.subject_id)
    assert news is not None
    assert (news.before, news.number) == (2, 3)


@pytest.mark.parametrize("ground", ["consent", "contract"])
@pytest.mark.parametrize("accepted", [True, False])
def test_a_yes_and_a_no_are_noted_with_what_was_shown(ground: str, accepted: bool) -> None:
    alice = cast.alice()
    made = asked(ground)
    with pytest.raises(AnswerFirst):
        put_away(alice, 2)
    noted = answer(alice, 2, accepted=accepted)
    with pytest.raises(NothingAsked):
        answer(alice, 2, accepted=not accepted)
    assert noted.kind == (Kind.ACCEPTED if accepted else Kind.REFUSED)
    assert noted.shown == made.content_hash
    act = Act.objects.get(kind=f"notices.{noted.kind}")
    assert act.detail == {"version": 2, "activity": "accounts", "shown": made.content_hash}
    assert answering.pending(alice.subject_id) is None  # it was the last answer


def test_an_answer_about_another_use_is_none() -> None:
    alice = cast.alice()
    asked()
    with pytest.raises(NothingAsked):
        answer(alice, 2, accepted=True, name="security_logs")
    with pytest.raises(NothingAsked):
        answer(alice, 1, accepted=True)
    assert Acknowledgement.objects.count() == 0


def test_an_answer_to_the_latest_covers_what_was_asked_before_it() -> None:
    alice = cast.alice()
    published(altered(on("consent"), elsewise, without_zone), now=AGO)
    published(altered(on("consent"), without_zone), now=AGO + timedelta(days=1))
    published(altered(on("consent")), now=NOW)
    news = answering.pending(alice.subject_id)
    assert news is not None
    assert len(news.demands) == 1
    answer(alice, 3, accepted=True)
    assert answering.pending(alice.subject_id) is None


def test_nobody_is_asked_any_more_once_the_use_rests_on_something_else() -> None:
    alice = cast.alice()
    published(altered(), now=AGO)
    published(altered(on("contract")), now=AGO + timedelta(days=1))
    publish_running(now=NOW)
    news = answering.pending(alice.subject_id)
    assert news is not None
    assert news.demands == ()
    put_away(alice, 3)
    assert answering.pending(alice.subject_id) is None


def test_the_answer_is_among_what_the_person_may_see() -> None:
    alice = cast.alice()
    asked()
    answer(alice, 2, accepted=False)
    found = access.everything(alice.subject_id, now=NOW)
    held = next(one for one in found.activities if one.activity.id == "notices")
    said = {value.value for item in held.items for value in item.values}
    assert {Kind.REFUSED.value, "accounts", "fr"} <= said


def test_the_same_question_costs_the_same_for_one_change_as_for_many(
    django_assert_num_queries: Any,
) -> None:
    alice = cast.alice()
    published(altered(without_zone), now=AGO)
    with django_assert_num_queries(1):
        assert answering.pending(alice.subject_id) is None
    publish_running(now=NOW)
    put_away(alice, 2)
    with django_assert_num_queries(1):
        assert answering.pending(alice.subject_id) is None


def of_accounts(*, activity: str, **_: object) -> set[str]:
    """The club keeps no rows of its own: its letters go to those with an account."""
    return {"accounts"} if activity == LETTERS else set()


@pytest.mark.parametrize("accepted", [True, False])
def test_a_yes_gives_the_changed_consent_and_a_no_withdraws_it(accepted: bool) -> None:
    alice, bob = cast.alice(), cast.bob()
    signals.using.connect(of_accounts)
    try:
        with club():
            give(alice.subject_id, now=AGO, shown="first")
            before = altered(lambda document: activity(document, LETTERS).update(recipients=[]))
            published(before, now=AGO)
            after = altered(lambda document: activity(document, LETTERS).update(recipients=["staff"]))
            made = published(after, now=NOW)
            assert [one.activity for one in news_of(alice)] == [LETTERS]
            assert news_of(bob) == ()  # told, and not asked: he never consented
            answer(alice, 2, accepted=accepted, name=LETTERS)
            assert consent.given(alice.subject_id, NEWS) is accepted
            last = Receipt.objects.filter(subject_id=alice.subject_id).order_by("-at").first()
            assert last is not None
            assert last.how == "notice"
            assert last.shown == (made.content_hash if accepted else last.shown)
    finally:
        signals.using.disconnect(of_accounts)


def news_of(account: Account) -> tuple[Demand, ...]:
    found = answering.pending(account.subject_id)
    assert found is not None
    return found.demands
