"""From post to delivery: what arrives, what stays, what is tried again and what is given up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import pairwise
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from procrastinate.contrib.django.models import ProcrastinateJob

from seqlense import mailing
from seqlense.mailing import delivery, tasks, upkeep
from seqlense.mailing.errors import UnknownTemplate
from seqlense.mailing.models import LEASE, LIFE, DeadLetter, Message, MessageQuerySet
from seqlense.privacy.models import Subject
from tests.mailing.relays import Authority, Conduct, relay, running

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
Join = Callable[[str, str], UUID]
pytestmark = pytest.mark.django_db


@contextmanager
def _server(settings: LazySettings, authority: Authority, conduct: Conduct) -> Iterator[Conduct]:
    with running(conduct, authority, enable_SMTPUTF8=True) as port:
        settings.SEQLENSE_RELAY = relay(port, authority, patience=2)
        yield conduct


def _post(about: UUID, *, language: str = "fr", now: datetime = NOW) -> UUID:
    subject = Subject.objects.create(created_at=now)
    return mailing.post(template="club.welcome", subject=subject.pk, about=about, language=language, now=now)


def _read(conduct: Conduct) -> list[EmailMessage]:
    contents = [taken.content for taken in conduct.taken]
    return [message_from_bytes(content, policy=default) for content in contents if isinstance(content, bytes)]


def _jobs() -> list[tuple[str, object]]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("queueing_lock", "scheduled_at"))


def test_a_message_is_posted_by_ids_delivered_and_forgotten(
    join: Join, settings: LazySettings, authority: Authority
) -> None:
    posted = _post(join("alice@example.org", "Alice d'Été"))

    (row,) = Message.objects.values()
    assert "alice" not in str(row).lower()
    (job,) = ProcrastinateJob.objects.values("task_name", "args")
    assert job == {"task_name": "mailing.deliver", "args": {"message": str(posted)}}

    with _server(settings, authority, Conduct()) as conduct:
        assert delivery.attempt(posted, now=NOW) is None
        assert delivery.attempt(posted, now=NOW) is None  # nothing is left to send twice

    (message,) = _read(conduct)
    assert not Message.objects.exists()
    assert not DeadLetter.objects.exists()
    text, html = (
        str(part.get_content()) for kind in ("plain", "html") if (part := message.get_body((kind,)))
    )
    assert message["Subject"] == "Alice d'Été, bienvenue au club"
    assert text.replace("\r", "").startswith("Alice d'Été,\n\nhttps://example.org/join/42?a=1&b=2\n\n-- \n")
    assert "Personne ne lit" in text
    assert '<html lang="fr"' in html
    assert "Alice d&#x27;Été" in html
    assert "https://example.org/join/42?a=1&amp;b=2" in html


def test_headers_say_a_machine_wrote_and_nothing_more(
    join: Join, settings: LazySettings, authority: Authority
) -> None:
    posted = _post(join("Élodie+Club@EXAMPLE.org", "Élodie"), language="en")
    with _server(settings, authority, Conduct()) as conduct:
        delivery.attempt(posted, now=NOW)
    (message,) = _read(conduct)
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
        "Content-Language", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert message["Subject"] == "Élodie, welcome to the club"
    assert message["From"] == "Seqlense <no-reply@seqlense.com>"
    assert message["To"] == "élodie+club@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert posted.hex not in message["Message-ID"].replace("-", "")


@pytest.mark.parametrize(
    "name",
    ["Eve\nBcc: all@example.org", "Eve\r\nBcc: all@example.org", "Eve\x00", "Eve\u2028Bcc: all@example.org"],
    ids=["lf", "crlf", "nul", "line separator"],
)
def test_a_name_can_t_add_a_header(
    join: Join, settings: LazySettings, authority: Authority, name: str
) -> None:
    posted = _post(join("eve@example.org", name))
    with _server(settings, authority, Conduct()) as conduct:
        assert delivery.attempt(posted, now=NOW) is not None
    assert conduct.taken == []
    assert Message.objects.get().last_code == "mailing.subject.unsafe"


@pytest.mark.parametrize(
    "address", ["eve@example.org, all@example.org", "eve@example.org\nBcc: x@y.org", "eve"]
)
def test_an_address_is_one_address(
    join: Join, settings: LazySettings, authority: Authority, address: str
) -> None:
    posted = _post(join(address, "Eve"))
    with _server(settings, authority, Conduct()) as conduct:
        delivery.attempt(posted, now=NOW)
    assert conduct.taken == []
    assert Message.objects.get().last_code == "mailing.address.unsafe"


def test_what_can_pass_is_tried_again_later_and_in_the_end_given_up(
    join: Join, settings: LazySettings, authority: Authority
) -> None:
    posted = _post(join("alice@example.org", "Alice"))
    moments: list[datetime] = []
    with _server(settings, authority, Conduct(rcpt="450 4.2.0 <{}> greylisted")):
        again: datetime | None = NOW
        while again is not None:
            moments.append(again)
            again = delivery.attempt(posted, now=again)
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert max(pauses) == timedelta(hours=4)
    assert moments[-1] - NOW == LIFE
    assert not Message.objects.exists()
    letter = DeadLetter.objects.get()
    assert (letter.message, letter.code) == (posted, "mailing.recipient.refused")
    assert letter.attempts == len(moments)


def test_what_is_refused_for_good_is_given_up_at_once(
    join: Join, settings: LazySettings, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    posted = _post(join("alice@example.org", "Alice"))
    with _server(settings, authority, Conduct(rcpt="550 5.1.1 <{}>: unknown")):
        assert delivery.attempt(posted, now=NOW) is None
    letter = DeadLetter.objects.get()
    assert (letter.code, letter.status, letter.attempts) == ("mailing.recipient.refused", "550 5.1.1", 1)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("seqlense")]
    assert len(ours) == 1
    assert "alice" not in ours[0]


def test_a_message_nobody_got_to_in_its_life_is_not_sent(
    join: Join, settings: LazySettings, authority: Authority
) -> None:
    first, second = _post(join("alice@example.org", "Alice")), _post(join("bob@example.org", "Bob"))
    with _server(settings, authority, Conduct()) as conduct:
        delivery.attempt(first, now=NOW + LIFE)
    assert upkeep.clear(now=NOW + LIFE) == 1
    assert conduct.taken == []
    assert {(letter.message, letter.code) for letter in DeadLetter.objects.all()} == {
        (first, "mailing.expired"),
        (second, "mailing.expired"),
    }
    upkeep.clear(now=NOW + LIFE + timedelta(days=30))
    assert not DeadLetter.objects.exists()


def test_the_message_goes_with_the_person(join: Join, settings: LazySettings, authority: Authority) -> None:
    deleted, erased, gone = (_post(join(f"{name}@example.org", name)) for name in ("a", "b", "c"))
    Subject.objects.filter(pk=Message.objects.get(pk=deleted).subject_id).delete()
    Subject.objects.filter(pk=Message.objects.get(pk=erased).subject_id).update(erased_at=NOW)
    Message.objects.filter(pk=gone).update(about=Message.objects.get(pk=gone).pk)
    with _server(settings, authority, Conduct()) as conduct:
        for one in (deleted, erased, gone):
            assert delivery.attempt(one, now=NOW) is None
    assert conduct.taken == []
    assert not Message.objects.exists()
    assert not DeadLetter.objects.exists()


def test_two_workers_send_one_message_once(join: Join, settings: LazySettings, authority: Authority) -> None:
    posted = _post(join("alice@example.org", "Alice"))
    assert Message.objects.claim(posted, now=NOW) is not None  # a worker that is killed now
    with _server(settings, authority, Conduct()) as conduct:
        assert delivery.attempt(posted, now=NOW + LEASE - timedelta(seconds=1)) is None
        assert conduct.taken == []
        assert list(upkeep.lost(now=NOW + LEASE)) == []  # its task still waits
        ProcrastinateJob.objects.all()._raw_delete("default")
        assert list(upkeep.lost(now=NOW + LEASE)) == [posted]
        assert delivery.attempt(posted, now=NOW + LEASE) is None
    assert len(conduct.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_away_after_the_server_s_yes_doesn_t_send_it_twice(
    join: Join, settings: LazySettings, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = _post(join("alice@example.org", "Alice"))
    usual, tried = MessageQuerySet.delete, []

    def away_twice(found: MessageQuerySet) -> object:
        tried.append(1)
        if len(tried) < 3:
            raise OperationalError
        return usual(found)

    monkeypatch.setattr(MessageQuerySet, "delete", away_twice)
    monkeypatch.setattr(delivery, "PAUSE", 0)
    with _server(settings, authority, Conduct()) as conduct:
        assert delivery.attempt(posted, now=NOW) is None
        assert delivery.attempt(posted, now=NOW + LEASE) is None
    assert len(conduct.taken) == 1
    assert len(tried) == 3


def test_a_second_copy_can_be_told_by_its_message_id(
    join: Join, settings: LazySettings, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = _post(join("alice@example.org", "Alice"))
    with _server(settings, authority, Conduct()) as conduct:
        row = Message.objects.get()
        delivery.attempt(posted, now=NOW)
        row.save(force_insert=True)  # as if the worker had died before deleting it
        delivery.attempt(posted, now=NOW + LEASE)
    first, second = _read(conduct)
    assert first["Message-ID"] == second["Message-ID"]


def test_a_clock_moved_back_doesn_t_hold_messages(
    join: Join, settings: LazySettings, authority: Authority
) -> None:
    posted = _post(join("alice@example.org", "Alice"))
    assert Message.objects.claim(posted, now=NOW) is not None
    earlier = NOW - timedelta(days=2)
    Message.objects.filter(pk=posted).update(due_at=NOW)
    ProcrastinateJob.objects.all()._raw_delete("default")
    assert list(upkeep.lost(now=earlier)) == [posted]
    with _server(settings, authority, Conduct()) as conduct:
        delivery.attempt(posted, now=earlier)
    assert len(conduct.taken) == 1


def test_a_message_is_woken_once_however_often_it_is_asked(join: Join) -> None:
    posted = _post(join("alice@example.org", "Alice"))
    tasks.wake(posted)
    tasks.wake(posted, at=NOW)
    assert len(_jobs()) == 1


def test_an_unknown_template_is_refused_when_posting(join: Join) -> None:
    subject = Subject.objects.create(created_at=NOW)
    with pytest.raises(UnknownTemplate):
        mailing.post(template="club.other", subject=subject.pk, about=subject.pk, language="fr", now=NOW)
    assert not Message.objects.exists()
