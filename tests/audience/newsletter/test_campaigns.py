"""Campaigns: who is reached and who can't be, nobody twice, stopped and continued, killed and finished."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from seqlense import mailing
from seqlense.audience.newsletter import (
    asking,
    campaigns,
    links,
    objecting,
    partners,
    readers,
    recipients,
    sending,
)
from seqlense.audience.newsletter.errors import ChangedMeanwhile, InvalidText, NotNow
from seqlense.audience.newsletter.models import Campaign, Sending
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.mailing import delivery, upkeep
from seqlense.mailing.models import DeadLetter, Message
from seqlense.privacy import erasure, subjects, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Act
from seqlense.privacy.switches import Ground, Kind
from tests import cast
from tests.audience.newsletter.stage import (
    NOW,
    PAUL,
    draft,
    link_in,
    recipients_of,
    started,
    subscribed,
    who,
    written,
)
from tests.mailing.relays import Conduct, make_authority, relay, running
from tests.postbox import Postbox

MINUTE = timedelta(minutes=1)


def test_who_can_be_reached_and_who_cannot(postbox: Postbox) -> None:
    now = clock.now()
    alice, bob, charlie, dana = cast.alice(), cast.bob(), cast.charlie(), cast.dana()
    lea, max_ = subscribed("lea@lecture.example", now=now), subscribed("max@lecture.example", now=now)
    gone = subscribed("gone@lecture.example", now=now)
    picky = asking.Wish(topics=["offers"], language="en")
    subscribed("picky@lecture.example", picky, now=now)
    objecting.unsubscribe(bob.subject_id, actor=who(bob), now=now)
    for subject, activity in ((dana.subject_id, "accounts"), (max_, "newsletter")):
        actor, ground = Actor.person(subject), Ground.ACCURACY
        switches.set(Kind.RESTRICTION, subject, activity, ground=ground, actor=actor, now=now)
    readers.pause(charlie.subject_id, "1", actor=who(charlie), now=now)
    erasure.erase(gone, actor=Actor.person(gone), now=now)
    found = recipients.audience("product", now=now)
    assert (found.reached, found.objected, found.restricted, found.paused, found.other_topics) == (
        2,
        1,
        2,
        1,
        1,
    )
    made = started(now=now)
    objected_later = subscribed("late@lecture.example", now=now)
    sending.go_on(now=now)
    objecting.unsubscribe(lea, actor=Actor.person(lea), now=now)
    assert objected_later is not None
    caught = [one for one in postbox.deliver() if "List-Unsubscribe" in one]
    assert recipients_of(caught) == [alice.email, "late@lecture.example"], "objected meanwhile"
    sending.go_on(now=now)
    made.refresh_from_db()
    assert (made.state, made.posted) == ("sent", 3)
    assert not Sending.objects.exists(), "who got it is forgotten"


def test_a_message_says_how_to_stop_it_and_follows_nobody(postbox: Postbox) -> None:
    now = clock.now()
    bob = cast.bob()
    started(now=now)
    sending.go_on(now=now)
    [mail] = postbox.deliver()
    url = f"{links.url('newsletter_unsubscribe', links.NEWS, bob.subject_id, 'en')}"
    assert mail["List-Unsubscribe"] == f"<{url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Auto-Submitted" not in mail
    assert mail["Reply-To"].addresses[0].addr_spec == "contact@seqlense.com"
    assert mail["Subject"] == "What is new"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Something new: read (https://www.seqlense.example/en/new/)." in text.get_content()
    assert link_in(mail, "choices")
    assert "Unsubscribe in one click" in html.get_content()
    assert "<strong>new</strong>" in html.get_content()
    for trace in ("<img", "utm_", str(bob.pk)):
        assert trace not in html.get_content()


def test_partners_offers_reach_only_those_who_agreed(postbox: Postbox) -> None:
    now = clock.now()
    alice, bob = cast.alice(), cast.bob()
    wish = asking.Wish(topics=["product"], language="fr", partners=True)
    keen = subscribed("keen@lecture.example", wish, now=now)
    subscribed("plain@lecture.example", now=now)
    partners.agree(alice.subject_id, how="preferences", language="fr", actor=who(alice), now=now)
    partners.agree(bob.subject_id, how="preferences", language="en", actor=who(bob), now=now)
    partners.withdraw(bob.subject_id, how="preferences", actor=who(bob), now=now)
    Message.objects.all().delete()
    assert recipients.audience("partners", now=now).reached == 2
    started("partners", now=now)
    sending.go_on(now=now)
    switches.set(Kind.WITHDRAWAL, keen, "partner_offers", actor=Actor.person(keen), now=now)
    assert recipients_of([one for one in postbox.deliver() if "List-Unsubscribe" in one]) == [alice.email]


def test_the_rate_is_held_and_the_queue_stays_short(db: None) -> None:
    for number in range(30):
        subscribed(f"n{number}@lecture.example", now=NOW)
    made = started(now=NOW, rate=6)
    Message.objects.all().delete()
    counted = []
    for minute in range(4):
        sending.go_on(now=NOW + minute * MINUTE)
        counted.append(Message.objects.count())
    assert counted == [6, 12, 18, 18], "six a minute, a minute ahead; three minutes' worth at most"
    due = sorted(Message.objects.values_list("due_at", flat=True))
    assert {later - earlier for earlier, later in pairwise(due)} == {MINUTE / 6}
    Message.objects.all().delete()
    sending.go_on(now=NOW + timedelta(hours=5))
    assert Message.objects.count() == 12, "time that a worker was away isn't caught up with"
    made.refresh_from_db()
    assert made.posted == 30


def test_stopped_in_the_middle_it_goes_on_and_nobody_gets_it_twice(postbox: Postbox) -> None:
    now = clock.now()
    everybody = sorted(f"n{number}@lecture.example" for number in range(9))
    for address in everybody:
        subscribed(address, now=now)
    Message.objects.all().delete()
    made = started(now=now, rate=3)
    sending.go_on(now=now)
    first = recipients_of(postbox.deliver())
    sending.go_on(now=now + MINUTE)
    assert Message.objects.count() == 3
    campaigns.stop(made.pk, actor=PAUL, now=now + MINUTE)
    campaigns.stop(made.pk, actor=PAUL, now=now + MINUTE)
    assert not Message.objects.exists(), "called back"
    sending.go_on(now=now + 2 * MINUTE)
    assert not Message.objects.exists()
    made.refresh_from_db()
    assert (made.state, made.posted) == ("stopped", 3)
    campaigns.go_on(made.pk, actor=PAUL, now=now + 2 * MINUTE)
    rest: list[str] = []
    for minute in range(2, 9):
        sending.go_on(now=now + minute * MINUTE)
        rest += recipients_of(postbox.deliver())
    assert sorted(first + rest) == everybody
    made.refresh_from_db()
    assert (made.state, made.posted) == ("sent", 9)
    with pytest.raises(NotNow, match="is-sent"):
        campaigns.start(made.pk, seen=made.revision, actor=PAUL, now=now)


def test_a_batch_is_done_whole_or_not_at_all(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        subscribed(f"n{number}@lecture.example", now=NOW)
    Message.objects.all().delete()
    made = started(now=NOW)
    whole = mailing.post_many

    def dies(template: str, parcels: list[mailing.Parcel], **more: object) -> None:
        whole(template, parcels[:2], now=NOW)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(mailing, "post_many", dies, raising=False)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            sending.post_batch(made.pk, now=NOW)
    assert not Message.objects.exists()
    assert not Sending.objects.exists()
    sending.go_on(now=NOW)
    assert Message.objects.count() == Sending.objects.count() == 5
    again = Sending.objects.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Sending.objects.create(subject_id=again.subject_id, campaign=made, language="fr", posted_at=NOW)


def test_what_cannot_be_delivered_is_counted_and_names_nobody(
    settings: LazySettings, tmp_path: Path, db: None
) -> None:
    now = clock.now()
    for address in ("a@lecture.example", "b@lecture.example"):
        subscribed(address, now=now)
    Message.objects.all().delete()
    made = started(now=now)
    sending.go_on(now=now)
    authority = make_authority(tmp_path)
    with running(Conduct(rcpt="550 5.1.1 <{}>: unknown"), authority) as port:
        settings.SEQLENSE_RELAY = relay(port, authority, patience=2)
        first = Message.objects.order_by("due_at").values_list("pk", flat=True)[0]
        delivery.attempt(first, now=now)
    made.refresh_from_db()
    assert (made.posted, made.undelivered) == (2, 1)
    Message.objects.update(expires_at=now)
    assert upkeep.clear(now=now) == 1
    sending.go_on(now=now)
    made.refresh_from_db()
    assert (made.undelivered, made.state) == (2, "sent")
    assert set(DeadLetter.objects.values_list("template", flat=True)) == {"newsletter.issue"}


def test_drafts_two_tabs_second_look_and_starting_twice(db: None) -> None:
    subscribed(now=NOW)
    identifier = uuid7()
    made = campaigns.write(draft(second_look=True), actor=PAUL, now=NOW, identifier=identifier)
    assert campaigns.write(draft(), actor=PAUL, now=NOW, identifier=identifier).pk == made.pk
    assert Campaign.objects.count() == 1
    other = Actor.staff(subjects.create(now=NOW))
    campaigns.rewrite(made.pk, draft(subject_fr="Deux", second_look=True), seen=1, actor=other, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        campaigns.rewrite(made.pk, draft(subject_fr="Trois"), seen=1, actor=PAUL, now=NOW)
    with pytest.raises(NotNow, match="second-look"):
        campaigns.start(made.pk, seen=2, actor=PAUL, now=NOW)
    with pytest.raises(NotNow, match="own"):
        campaigns.approve(made.pk, seen=2, actor=other, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        campaigns.approve(made.pk, seen=1, actor=PAUL, now=NOW)
    campaigns.approve(made.pk, seen=2, actor=PAUL, now=NOW)
    campaigns.schedule(made.pk, at=NOW + MINUTE, seen=2, actor=other, now=NOW)
    with pytest.raises(NotNow, match="moment"):
        campaigns.schedule(made.pk, at=NOW, seen=2, actor=other, now=NOW)
    with pytest.raises(NotNow, match="is-scheduled"):
        campaigns.rewrite(made.pk, draft(), seen=2, actor=PAUL, now=NOW)
    sending.go_on(now=NOW)
    assert Campaign.objects.get().state == "scheduled"
    sending.go_on(now=NOW + MINUTE)
    assert campaigns.start(made.pk, seen=2, actor=PAUL, now=NOW + MINUTE).state == "sending"
    assert Act.objects.filter(kind="newsletter.campaign_started").count() == 1
    with pytest.raises(NotNow, match="is-sending"):
        campaigns.discard(made.pk, actor=PAUL, now=NOW)


def test_a_campaign_too_old_to_know_who_got_it_is_closed(db: None) -> None:
    subscribed(now=NOW)
    subscribed("b@lecture.example", now=NOW)
    made = started(now=NOW, rate=1)
    sending.go_on(now=NOW)
    campaigns.stop(made.pk, actor=PAUL, now=NOW + MINUTE)
    late = NOW + campaigns.OPEN_FOR + MINUTE
    with pytest.raises(NotNow, match="too-late"):
        campaigns.go_on(made.pk, actor=PAUL, now=late)
    campaigns.close(made.pk, actor=PAUL, now=late)
    assert Campaign.objects.get().state == "sent"


def test_a_test_goes_to_whoever_asks(postbox: Postbox) -> None:
    now = clock.now()
    paul, _alice = cast.paul(), cast.alice()
    made = written(now=now)
    campaigns.try_out(made.pk, account=paul, language="en", actor=who(paul), now=now)
    [mail] = postbox.deliver()
    assert (mail["To"], mail["Subject"]) == (paul.email, "[Test] What is new")
    assert Campaign.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("x" * 20_001, "too-long"),
        ("a\x00b", "control-character"),
        ("a\u202eb", "direction-override"),
        ("<script>alert(1)</script>", "html"),
        ("bonjour <b>vous</b>", "html"),
        ("<!-- x -->", "html"),
        ("![x](https://t.example/p.gif)", "image"),
        ("[x](javascript:alert(1))", "link"),
        ("[x](http://t.example/)", "link"),
        ("[x](//t.example/)", "link"),
        ("[x](data:text/html,x)", "link"),
        ("[x](https://moi@t.example/)", "link"),
        ("[x](https://t.example/?a=1&utm_source=lettre)", "tracked-link"),
        ("<https://t.example/?fbclid=1>", "tracked-link"),
    ],
)
def test_what_cannot_be_sent_is_refused(db: None, text: str, code: str) -> None:
    with pytest.raises(InvalidText, match=f"{code}$"):
        written(text_fr=text)


@pytest.mark.parametrize("subject", ["", "a\r\nBcc: x@y.example", "a\x00", "\u202eabc", "x" * 121])
def test_no_subject_makes_a_header(db: None, subject: str) -> None:
    with pytest.raises(InvalidText) as refused:
        written(subject_en=subject)
    assert refused.value.field == "subject_en"


def test_the_number_of_statements_does_not_grow_with_people(db: None) -> None:
    counts = []
    for size in (3, 30):
        for number in range(size):
            subscribed(f"q{size}-{number}@lecture.example", now=NOW)
        Message.objects.all().delete()
        made = started(now=NOW)
        with CaptureQueriesContext(connection) as seen:
            sending.post_batch(made.pk, now=NOW)
        counts.append(len(seen))
    assert counts[0] == counts[1]
