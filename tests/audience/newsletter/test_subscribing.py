"""Double opt-in for prospects, objection for customers, and an objection that lasts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from seqlense.accounts import signing_up
from seqlense.audience.newsletter import agreeing, asking, importing, links, objecting, readers, recipients
from seqlense.audience.newsletter.errors import InvalidText, LinkRefused, NotSubscribed, TooOften
from seqlense.audience.newsletter.models import Asked, BroughtOver, Objection, PartnerReader, Reader
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.mailing.models import Message
from seqlense.privacy import access, consent, erasure, retention, subjects, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.switches import Kind
from tests import cast
from tests.audience.newsletter.stage import ADDRESS, NOW, PAUL, PROOF, WISH, asked, link_in, subscribed, who
from tests.postbox import Postbox

DAY = timedelta(days=1)


def test_only_the_holder_of_the_mailbox_subscribes(postbox: Postbox) -> None:
    now = clock.now()
    waits = asked(now=now)
    assert not Reader.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("select email from newsletter_asked")
        assert ADDRESS.encode() not in bytes(cursor.fetchone()[0]), "sealed before it is confirmed"
    [mail] = postbox.deliver()
    assert "List-Unsubscribe" not in mail
    token = link_in(mail, "confirm").rstrip("/").rpartition("/")[2]
    assert asking.look(token).pk == waits.pk
    assert not Reader.objects.exists(), "looking confirms nothing"
    asking.confirm(token, now=now)
    reader = Reader.objects.get()
    assert (reader.address, reader.language) == (ADDRESS, "fr")
    with pytest.raises(LinkRefused, match="over"):
        asking.confirm(token, now=now)
    for forged in ("", "x", token[:-1], token[:-2] + "AA", links.token(links.NEWS, waits.pk), "é" * 60):
        with pytest.raises(LinkRefused, match="forged"):
            asking.look(forged)


def test_what_nobody_confirms_goes_after_seven_days(db: None) -> None:
    waits = asked()
    retention.run(now=NOW + 7 * DAY - timedelta(seconds=1), actor=Actor.system("test"))
    assert Asked.objects.exists()
    retention.run(now=NOW + 7 * DAY, actor=Actor.system("test"))
    assert not Asked.objects.exists()
    with pytest.raises(LinkRefused, match="over"):
        asking.look(links.token(links.CONFIRM, waits.pk))


def test_asking_is_the_same_for_every_address_and_throttled(db: None) -> None:
    subscribed()
    for address in (ADDRESS, "nobody@ailleurs.example"):
        before = Message.objects.count()
        asking.ask(address, WISH, source="192.0.2.9", now=NOW)
        assert Message.objects.count() == before + 1
    for _ in range(5):
        asking.ask(ADDRESS, WISH, source="192.0.2.10", now=NOW)
    holder = subjects.find_or_create("email", ADDRESS, now=NOW)
    assert Message.objects.filter(subject_id=holder).count() == 3, "no mailbox bomb"
    for number in range(10):
        asking.ask(f"someone{number}@ailleurs.example", WISH, source="192.0.2.11", now=NOW)
    with pytest.raises(TooOften):
        asking.ask("someone@ailleurs.example", WISH, source="192.0.2.11", now=NOW)


def test_customers_are_included_unless_they_decline_or_object(db: None) -> None:
    alice, bob = cast.alice(), cast.bob()
    wishes = signing_up.Wishes(language="fr", country="FR", no_offers=True)
    charlie = signing_up.open_proven(
        "charlie@ailleurs.example", wishes, name="Charlie", password=cast.PASSWORD, now=NOW
    )
    included = set(Reader.objects.values_list("subject_id", flat=True))
    assert included == {alice.subject_id, bob.subject_id}
    assert objecting.objected(charlie.subject_id)
    switches.set(Kind.OBJECTION, bob.subject_id, "newsletter", actor=who(bob), now=NOW)
    assert not Reader.objects.filter(subject_id=bob.subject_id).exists(), "My data's switch is the same fact"
    assert not readers.look(bob.subject_id, now=NOW).reads
    readers.come_back(bob.subject_id, actor=who(bob), now=NOW + DAY)
    assert switches.barred(bob.subject_id, "newsletter") is None
    assert readers.look(bob.subject_id, now=NOW).reads
    objecting.unsubscribe(bob.subject_id, actor=who(bob), now=NOW + 2 * DAY)
    objecting.unsubscribe(bob.subject_id, actor=who(bob), now=NOW + 3 * DAY)
    assert switches.barred(bob.subject_id, "newsletter") is Kind.OBJECTION
    assert Objection.objects.filter(subject_id=bob.subject_id).count() == 1
    with pytest.raises(NotSubscribed):
        readers.come_back(subscribed(), actor=Actor.system("test"), now=NOW)


def test_an_objection_outlives_the_person_and_ends_by_a_fresh_double_opt_in(db: None) -> None:
    first = subscribed()
    objecting.unsubscribe(first, actor=Actor.person(first), now=NOW)
    assert not Reader.objects.exists()
    assert objecting.remembered(" LEA@Lecture.example ")
    waits = asked(now=NOW + DAY)
    assert not Reader.objects.exists(), "a form alone brings nobody back"
    erasure.erase(first, actor=Actor.person(first), now=NOW + 2 * DAY)
    assert not Asked.objects.filter(pk=waits.pk).exists()
    assert objecting.remembered(ADDRESS), "kept by law (GDPR art. 21(3))"
    account = cast.person("Léa Lecture", ADDRESS)
    assert not Reader.objects.exists(), "nor does an account"
    again = subscribed(now=NOW + 3 * DAY)
    assert again == account.subject_id
    assert readers.look(again, now=NOW).reads
    retention.run(now=NOW + 3 * 366 * DAY, actor=Actor.system("test"))
    assert not objecting.remembered(ADDRESS)


def test_partners_offers_rest_on_consent_alone(db: None) -> None:
    plain, ticked = subscribed("a@lecture.example"), asking.Wish(topics=[], language="en", partners=True)
    keen = subscribed("b@lecture.example", ticked)
    assert set(PartnerReader.objects.values_list("subject_id", flat=True)) == {keen}
    assert consent.given(keen, "partner_offers")
    assert not consent.given(plain, "partner_offers")
    objecting.unsubscribe(keen, actor=Actor.person(keen), now=NOW)
    assert PartnerReader.objects.get().address == "b@lecture.example", "one use ends, the other goes on"
    switches.set(Kind.WITHDRAWAL, keen, "partner_offers", actor=Actor.person(keen), now=NOW)
    assert not PartnerReader.objects.exists()
    assert not consent.given(keen, "partner_offers")


def test_choices_pauses_and_strangers(db: None) -> None:
    lea = subscribed()
    actor = Actor.person(lea)
    readers.choose(lea, topics_wanted=["offers", "nonsense"], language="en", actor=actor, now=NOW)
    readers.pause(lea, "3", actor=actor, now=NOW)
    found = readers.look(lea, now=NOW)
    assert (found.topics, found.language, found.address) == (("offers",), "en", ADDRESS)
    assert found.paused_until == NOW.replace(year=2027, month=2)
    readers.go_on(lea, actor=actor, now=NOW)
    readers.choose(lea, topics_wanted=[], language="xx", actor=actor, now=NOW)
    assert objecting.objected(lea), "no topic at all is the same as unsubscribing"
    stranger = uuid7()
    assert not readers.look(stranger, now=NOW).reads
    assert objecting.unsubscribe(stranger, actor=Actor.person(stranger), now=NOW) is False


def test_access_shows_a_subscription_and_erasure_removes_it(db: None) -> None:
    lea = subscribed(wish=asking.Wish(topics=["practice"], language="fr", partners=True))
    shown = {one.activity.id for one in access.everything(lea, now=NOW).activities}
    assert {"newsletter", "partner_offers"} <= shown
    erasure.erase(lea, actor=Actor.person(lea), now=NOW)
    assert not Reader.objects.exists()
    assert not PartnerReader.objects.exists()


def test_a_list_brings_nobody_back(db: None) -> None:
    gone, here, erased = (subscribed(f"{name}@lecture.example") for name in ("gone", "here", "erased"))
    for subject in (gone, erased):
        objecting.unsubscribe(subject, actor=Actor.person(subject), now=NOW)
    erasure.erase(erased, actor=Actor.person(erased), now=NOW)
    bob = cast.bob()
    objecting.unsubscribe(bob.subject_id, actor=who(bob), now=NOW)
    lines = [
        " Gone@lecture.example",
        "here@lecture.example",
        "erased@lecture.example",
        bob.email,
        "x@y",
        "\x00",
    ]
    listed = [*lines, "new@lecture.example"]
    found = importing.bring_in(listed, proof=PROOF, language="en", actor=PAUL, now=NOW)
    assert (found.added, found.known, found.objected, found.malformed) == (1, 1, 3, 2)
    twice = ["new@lecture.example", "NEW@lecture.example"]
    again = importing.bring_in(twice, proof=PROOF, language="en", actor=PAUL, now=NOW)
    assert (again.added, again.known) == (0, 2)
    assert set(Reader.objects.values_list("language", flat=True)) == {"fr", "en"}
    assert Reader.objects.filter(subject_id=here).exists()
    assert not PartnerReader.objects.exists()


def test_a_list_comes_with_its_proof_and_receipts_point_at_it(db: None) -> None:
    for wrong in (
        {"evidence": "  trust me "},
        {"question": ""},
        {"question": "a\x00" + "b" * 30},
        {"evidence": "x" * 2_001},
        {"tool": "a\nb"},
        {"agreed_until": NOW.date() + DAY},
        {"agreed_from": NOW.date()},
    ):
        with pytest.raises(InvalidText):
            importing.bring_in(
                ["new@lecture.example"], proof=replace(PROOF, **wrong), language="fr", actor=PAUL, now=NOW
            )
    assert not Reader.objects.exists()
    importing.bring_in(["new@lecture.example"], proof=PROOF, language="fr", actor=PAUL, now=NOW)
    reader, brought = Reader.objects.get(), BroughtOver.objects.get()
    receipt = consent.Receipt.objects.get(subject_id=reader.subject_id)
    assert (receipt.purpose, receipt.how, receipt.shown) == ("newsletter", "brought_over", str(brought.pk))
    assert reader.brought_over_id == brought.pk
    assert (brought.added, brought.by_id) == (1, PAUL.subject)


def test_consent_of_who_has_no_account_is_proven_and_ends_with_the_subscription(db: None) -> None:
    lea = subscribed()
    given = consent.Receipt.objects.get(subject_id=lea)
    assert (given.purpose, given.how, given.shown) == ("newsletter", "link", agreeing.shown("fr"))
    assert recipients.audience("product", now=NOW).reached == 1
    objecting.unsubscribe(lea, actor=Actor.person(lea), now=NOW + DAY)
    given.refresh_from_db()
    assert given.ended_at == NOW + DAY
    ended = consent.Receipt.objects.get(subject_id=lea, kind="withdrawn")
    assert (ended.how, ended.previous) == ("objection", given.pk)
    subscribed(now=NOW + 2 * DAY)
    assert consent.given(lea, "newsletter")
    switches.set(Kind.WITHDRAWAL, lea, "newsletter_opt_in", actor=Actor.person(lea), now=NOW + 3 * DAY)
    assert objecting.objected(lea), "whoever withdraws consent is unsubscribed"
    assert not Reader.objects.exists()


def test_without_a_standing_consent_nobody_without_an_account_is_reached(db: None) -> None:
    lea = subscribed()
    consent.Receipt.objects.filter(subject_id=lea).update(ended_at=NOW)
    found = recipients.audience("product", now=NOW)
    assert (found.reached, found.no_consent) == (0, 1)
