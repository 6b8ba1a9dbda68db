"""Writing to us: the address is proven first, sending twice asks once, and nobody is shut out silently."""

from datetime import timedelta
from typing import Any

import pytest

from seqlense.documents.errors import DocumentError
from seqlense.kit.addresses import InvalidAddress
from seqlense.kit.identifiers import uuid7
from seqlense.kit.periods import Period
from seqlense.privacy import retention, subjects, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Act
from seqlense.privacy.switches import Kind
from seqlense.support import asking, doors, links, queries, speaking, tickets
from seqlense.support.errors import (
    FormRefused,
    Limited,
    LinkRefused,
    NotFound,
    SupportError,
    TextRefused,
    TooMany,
)
from seqlense.support.models import Message, Request, State
from tests import cast
from tests.postbox import Postbox
from tests.support import asked
from tests.support.asked import ADDRESS, LATER, NOW, TEXT

pytestmark = pytest.mark.django_db


def test_staff_see_it_once_the_address_has_answered(postbox: Postbox) -> None:
    made = asked.by_stranger()
    assert made.state is State.UNCONFIRMED
    with pytest.raises(NotFound):
        doors.for_staff(made.pk)
    assert not doors.staffs().exists()
    assert queries.own(made.subject_id) == []
    [mail] = postbox.deliver()
    assert mail["To"] == ADDRESS
    assert "Imprimante" not in mail.as_string()
    assert "Zwetschgen" not in mail.as_string()
    token = links.token("confirm", made.pk, now=NOW)
    for _twice in range(2):
        assert asking.confirm(token, holder=None, now=LATER).state is State.NEW
    assert doors.for_staff(made.pk).email == ADDRESS
    assert subjects.find("email", ADDRESS) == made.subject_id
    assert Act.objects.filter(kind="support.confirmed").count() == 1
    assert TEXT not in str(Act.objects.values_list("detail", flat=True))


def test_the_same_address_is_the_same_person_with_or_without_account() -> None:
    alice = cast.alice()
    made = asked.confirmed(address=" Alice@ARNAUD.example ")
    assert made.subject_id == alice.subject_id
    assert [one.pk for one in queries.own(alice.subject_id)] == [made.pk]
    assert asked.by(alice).state is State.NEW


def test_unconfirmed_it_goes_after_seven_days_and_closed_after_a_year() -> None:
    unsure, sure = asked.by_stranger(), asked.confirmed(address="kim@ailleurs.example")
    actor = Actor.person(sure.subject_id)
    speaking.close(sure.pk, actor=actor, now=LATER)
    week, year = NOW + timedelta(days=7), Period.parse("P1Y").add_to(LATER)
    retention.run(now=week - timedelta(seconds=1), actor=Actor.system("test"))
    assert Request.objects.count() == 2
    retention.run(now=week, actor=Actor.system("test"))
    assert [one.pk for one in Request.objects.all()] == [sure.pk]
    with pytest.raises(LinkRefused, match=r"gone"):
        asking.confirm(links.token("confirm", unsure.pk, now=NOW), holder=None, now=NOW)
    retention.run(now=year - timedelta(seconds=1), actor=Actor.system("test"))
    assert Request.objects.exists()
    retention.run(now=year, actor=Actor.system("test"))
    assert not Request.objects.exists()
    assert not Message.objects.exists()


def test_sending_twice_asks_once_and_anothers_ticket_is_worth_nothing() -> None:
    ticket = uuid7()
    first = asked.by_stranger(identifier=ticket)
    assert asked.by_stranger(identifier=ticket).pk == first.pk
    assert Message.objects.count() == 1
    with pytest.raises(FormRefused):
        asked.by_stranger(identifier=ticket, address="mallory@ailleurs.example")
    text = tickets.issue(now=NOW)
    with pytest.raises(FormRefused, match="fast"):
        tickets.read(text, now=NOW + timedelta(seconds=1))
    assert tickets.read(text, now=NOW + timedelta(seconds=4)).version == 7
    with pytest.raises(FormRefused, match="old"):
        tickets.read(text, now=NOW + timedelta(days=2))
    for forged in (text + "x", "x", "", "\0", text.replace("-", "+")):
        with pytest.raises(FormRefused, match="forged"):
            tickets.read(forged, now=LATER)


def test_too_much_is_told_and_isnt_dropped_and_holds_nobody_else_up() -> None:
    for _ in range(asking.TO_AN_ADDRESS.burst):
        asked.by_stranger()
    with pytest.raises(TooMany) as wait:
        asked.by_stranger()
    assert NOW < wait.value.again_at <= NOW + asking.TO_AN_ADDRESS.every
    asked.by_stranger(now=wait.value.again_at)
    asked.by_stranger(address="kim@ailleurs.example", source="192.0.2.2")
    asked.by(cast.charlie())
    assert Request.objects.count() == asking.TO_AN_ADDRESS.burst + 3


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": ""}, "support.title.empty"),
        ({"title": "x" * 151}, "support.title.long"),
        ({"title": "a\0b"}, "support.title.control"),
        ({"message": " \u200b\n "}, "support.message.empty"),
        ({"message": "x" * 10_001}, "support.message.long"),
        ({"message": "x" * 5_000_000}, "support.message.long"),
        ({"message": "a\0b"}, "support.message.control"),
        ({"message": "a\u202eb"}, "support.message.direction"),
        ({"message": "http://x.example " * 6}, "support.message.links"),
        ({"name": "x" * 121}, "support.name.long"),
        ({"phone": "appelez-moi"}, "support.phone.malformed"),
        ({"phone": "+33 1 23 45 67 89\r\nBcc: x@y.example"}, "support.phone.long"),
    ],
)
def test_texts_that_break_or_deceive_are_refused_with_words(more: dict[str, Any], code: str) -> None:
    with pytest.raises(TextRefused) as refused:
        asked.by_stranger(**more)
    assert refused.value.code == code
    assert not Request.objects.exists()


def test_any_script_and_emoji_pass_and_headers_cant_be_written(postbox: Postbox) -> None:
    text = "שלום, مرحبا, こんにちは 👩‍💻\r\nligne 2"
    made = asked.by_stranger(message=text, title="Objet\r\nBcc: victim@x.example", phone="+33 (0)1 23")
    assert Message.objects.get(request=made).text == text.replace("\r\n", "\n")
    assert made.title == "Objet Bcc: victim@x.example"
    [mail] = postbox.deliver()
    assert mail["Bcc"] is None
    assert "victim" not in mail.as_string()
    with pytest.raises(InvalidAddress):
        asked.by_stranger(address="a@b.example\r\nBcc: victim@x.example")


def test_links_are_for_one_purpose_one_request_and_a_time() -> None:
    alice, bob = cast.alice(), cast.bob()
    made = asked.by(alice)
    token = links.token("conversation", made.pk, now=NOW)
    for holder in (None, alice.subject_id):
        assert doors.by_link(token, holder=holder, now=LATER).pk == made.pk
    refusals = {
        "foreign": (token, bob.subject_id, LATER),
        "expired": (token, None, NOW + links.LIVES["conversation"]),
        "forged": (token[:-2] + "AA", None, LATER),
        "gone": (links.token("conversation", uuid7(), now=NOW), None, LATER),
    }
    for how, (text, holder, now) in refusals.items():
        with pytest.raises(LinkRefused, match=how):
            doors.by_link(text, holder=holder, now=now)
    with pytest.raises(LinkRefused, match="forged"):
        doors.by_link(links.token("confirm", made.pk, now=NOW), holder=None, now=LATER)
    unsure = asked.by_stranger()
    with pytest.raises(LinkRefused, match="unconfirmed"):
        doors.by_link(links.token("conversation", unsure.pk, now=NOW), holder=None, now=LATER)


def test_a_new_link_goes_to_the_requests_own_address_only(postbox: Postbox) -> None:
    made = asked.by(cast.alice())
    old = links.token("conversation", made.pk, now=NOW - timedelta(days=60))
    asking.link_again(old, now=NOW)
    [mail] = postbox.deliver()
    assert mail["To"] == "alice@arnaud.example"
    asking.link_again(links.token("conversation", uuid7(), now=NOW), now=NOW)
    assert postbox.deliver() == []
    with pytest.raises(LinkRefused):
        asking.link_again("x", now=NOW)


def test_only_its_author_goes_on_and_a_reply_opens_it_again() -> None:
    alice, bob = cast.alice(), cast.bob()
    made = asked.by(alice)
    with pytest.raises(NotFound):
        doors.own(made.pk, bob.subject_id)
    with pytest.raises(NotFound):
        speaking.close(made.pk, actor=cast.actor(bob), now=LATER)
    with pytest.raises(NotFound):
        speaking.reply(made.pk, "à moi", identifier=uuid7(), actor=cast.actor(bob), now=LATER)
    assert speaking.close(made.pk, actor=cast.actor(alice), now=LATER).state is State.CLOSED
    ticket = uuid7()
    for _twice in range(2):
        found = speaking.reply(made.pk, "encore", identifier=ticket, actor=cast.actor(alice), now=LATER)
    assert found.state is State.NEW
    assert [one.text for one in queries.conversation(found)] == [TEXT, "encore"]


def test_who_limited_this_use_is_read_by_nobody_and_told_so() -> None:
    alice = cast.alice()
    made = asked.by(alice)
    switches.set(
        Kind.RESTRICTION, alice.subject_id, "support", ground="accuracy", actor=cast.actor(alice), now=NOW
    )
    with pytest.raises(Limited):
        asked.by(alice)
    with pytest.raises(Limited):
        asked.replied(made)
    with pytest.raises(NotFound):
        doors.for_staff(made.pk)
    assert queries.out_of_reach() == 1


def test_every_refusal_has_words() -> None:
    from seqlense.support import words

    def codes(base: type[SupportError] | type[DocumentError]) -> set[str]:
        return {one.code for one in base.__subclasses__()}

    known = (
        set(words.WORDS)
        | set(words.FILES)
        | {TooMany.code, LinkRefused.code, FormRefused.code, TextRefused.code}
    )
    known |= {"documents.refused"}
    assert codes(SupportError) | codes(DocumentError) <= known
