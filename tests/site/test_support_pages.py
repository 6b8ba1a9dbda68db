"""Writing to us and going on, over HTTP: as a stranger, by a link, signed in; with files whole or not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seqlense.accounts import doors
from seqlense.accounts.models import Account
from seqlense.documents import receiving
from seqlense.kit import clock
from seqlense.support import links, tickets
from seqlense.support.models import Attachment, Message, Request
from tests import cast
from tests.documents.samples import BAD, PDF, TEXT, png
from tests.postbox import Postbox
from tests.support import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(doors, "EVEN_PACE", 0.0)
    settings.SEQLENSE_DOCUMENTS = tmp_path / "documents"
    yield tmp_path / "documents"
    assert [one for one in (tmp_path / "documents" / "arriving").glob("*") if one.is_file()] == []


@pytest.fixture
def alice(db: None) -> Account:
    return cast.alice()


def form(*, ago: float = 10, **more: Any) -> dict[str, Any]:
    now = clock.now() - timedelta(seconds=ago)
    return {
        "email": asked.ADDRESS,
        "title": "Imprimante",
        "message": "Le Zwetschgenknödel coince.",
        "ticket": tickets.issue(now=now),
        "whole": "1",
        **more,
    }


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def link(request: Request, purpose: str = "conversation", *, now: datetime | None = None) -> str:
    page = {"conversation": "site:conversation", "confirm": "site:write_confirm"}[purpose]
    return reverse(page, args=[links.token(purpose, request.pk, now=now or clock.now())])


def test_a_stranger_writes_confirms_reads_the_answer_and_goes_on(client: Client, postbox: Postbox) -> None:
    page = client.get(reverse("site:write"))
    assert page.status_code == 200
    assert b'name="email"' in page.content
    sent = client.post(reverse("site:write"), form(attached=[file("plan.pdf", PDF), file("a.png", png())]))
    assert sent["Location"] == reverse("site:write_sent")
    [mail] = postbox.deliver()
    body = mail.get_body(("plain",))
    assert body is not None
    way = next(word for word in body.get_content().split() if "/confirm/" in word)
    path = way.partition("/fr/")[2]
    shown = client.get(f"/fr/{path}")
    assert "Imprimante" in shown.content.decode()
    assert Request.objects.get().unverified_since is not None, "opening confirms nothing"
    talk = client.post(f"/fr/{path}")
    assert talk.status_code == 302
    made = Request.objects.get()
    asked.answered(made, cast.paul(), now=clock.now(), text="Dégagez le Zwetschge.")
    page = client.get(talk["Location"])
    assert "Dégagez le Zwetschge." in page.content.decode()
    assert "plan.pdf" in page.content.decode()
    more = client.post(talk["Location"], form(message="Merci.", attached=file("note.txt", TEXT)))
    assert more.status_code == 302
    assert Message.objects.count() == 3
    assert Attachment.objects.count() == 3
    closing = talk["Location"] + "close/"
    assert client.post(closing).status_code == 302
    closed_at = Request.objects.get().closed_at
    assert closed_at is not None
    goes = client.get(talk["Location"]).content.decode()
    assert f'datetime="{closed_at.year + 1}-' in goes


def test_nobody_learns_who_has_an_account(client: Client, alice: Account) -> None:
    known = client.post(reverse("site:write"), form(email=alice.email))
    unknown = client.post(reverse("site:write"), form(email="nobody@ailleurs.example"))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert not Request.objects.filter(unverified_since=None).exists()


def test_signed_in_it_is_there_at_once_and_nobody_elses_business(alice: Account) -> None:
    browser, bob, charlie = cast.signed_in(alice), cast.signed_in(cast.bob()), cast.signed_in(cast.charlie())
    sent = browser.post(reverse("site:write"), form(attached=file("plan.pdf", PDF)))
    made = Request.objects.get()
    assert sent["Location"] == reverse("site:help_request", args=[made.pk])
    assert (made.subject_id, made.unverified_since, made.email) == (alice.subject_id, None, alice.email)
    assert "Imprimante" in browser.get(reverse("site:help")).content.decode()
    document = Attachment.objects.get()
    pages = [
        reverse("site:help_request", args=[made.pk]),
        reverse("site:help_file", args=[made.pk, document.pk]),
    ]
    for page in pages:
        mine: Any = browser.get(page)
        assert mine.status_code == 200
        assert mine.streaming is (page == pages[1])
        assert b"".join(mine)
        assert bob.get(page).status_code == charlie.get(page).status_code == 404
        assert Client().get(page).status_code == 302
    assert bob.post(pages[0], form(message="à moi")).status_code == 404
    assert bob.post(reverse("site:help_close", args=[made.pk])).status_code == 404
    assert bob.get(link(made)).status_code == 403
    assert bob.post(link(made), form(message="à moi")).status_code == 403
    by_link = reverse(
        "site:conversation_file", args=[links.token("conversation", made.pk, now=clock.now()), document.pk]
    )
    assert bob.get(by_link).status_code == 403
    assert Message.objects.count() == 1


def test_a_file_goes_out_to_be_kept_never_to_be_shown(alice: Account) -> None:
    browser = cast.signed_in(alice)
    browser.post(reverse("site:write"), form(attached=file("é<b>.pdf", PDF)))
    answer: Any = browser.get(
        reverse("site:help_file", args=[Request.objects.get().pk, Attachment.objects.get().pk])
    )
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'; sandbox" in answer["Content-Security-Policy"].split(", ")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "what", ["a bomb", "PDF and ZIP at once", "a PDF that is a PNG", "macros", "nothing"]
)
def test_a_deceiving_file_is_refused_and_what_was_typed_survives(client: Client, what: str) -> None:
    name, content, _why = BAD[what]
    refused = client.post(reverse("site:write"), form(attached=[file(name, content), file("ok.pdf", PDF)]))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert name in page
    assert "Zwetschgenknödel" in page
    assert asked.ADDRESS in page
    assert not Request.objects.exists()


def test_limits_are_counted_while_files_come(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    small = receiving.Limits(largest=200_000, most=2, altogether=300_000)
    monkeypatch.setattr(receiving, "Limits", lambda: small)
    large = b"x" * 200_001
    for files in (
        [file("a.txt", large)],
        [file("a.txt", b"x" * 160_000), file("b.txt", b"x" * 160_000)],
        [file("a.txt", b"x"), file("b.txt", b"x"), file("c.txt", b"x")],
    ):
        refused = client.post(reverse("site:write"), form(attached=files))
        assert refused.status_code == 422
        assert "Zwetschgenknödel" in refused.content.decode()
    monkeypatch.setattr(receiving, "REFUSED_UNREAD", 1000)
    assert client.post(reverse("site:write"), form(attached=file("a.txt", large))).status_code == 413
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"attached": [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(101)]},
        {"message": "x" * 3_000_000},
        {f"field{number}": "x" for number in range(1_001)},
    ],
)
def test_more_than_any_form_holds_is_refused_in_words(client: Client, more: dict[str, Any]) -> None:
    refused = client.post(reverse("site:write"), form(**more))
    assert refused.status_code == 413
    assert "<h1>" in refused.content.decode()
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "more", [{"ago": 1}, {"ago": 100_000}, {"ticket": "x"}, {"website": "http://x"}, {"whole": ""}]
)
def test_what_looks_like_a_machine_is_told_so_and_may_try_again(client: Client, more: dict[str, Any]) -> None:
    refused = client.post(reverse("site:write"), form(**more))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Zwetschgenknödel" in page
    assert not Request.objects.exists()
    ticket = page.partition('name="ticket" value="')[2].partition('"')[0]
    if more.get("ago") != 1:
        ticket = tickets.issue(now=clock.now() - timedelta(seconds=5))
    assert tickets.read(ticket, now=clock.now() + timedelta(seconds=5)).version == 7
    assert client.post(reverse("site:write"), form(ticket=ticket) | {"website": ""}).status_code in (302, 422)


def test_a_double_click_asks_once(client: Client) -> None:
    same = form()
    for _twice in range(2):
        assert client.post(reverse("site:write"), same)["Location"] == reverse("site:write_sent")
    assert Request.objects.count() == 1


def test_an_upload_cut_in_the_middle_keeps_nothing(client: Client) -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="message"\r\n\r\nbonjour\r\n'
        b'--B\r\nContent-Disposition: form-data; name="attached"; filename="a.txt"\r\n\r\nhalf of it'
    )
    refused = client.post(reverse("site:write"), body, content_type="multipart/form-data; boundary=B")
    assert refused.status_code == 422
    assert not Request.objects.exists()


def test_a_form_from_elsewhere_is_refused(alice: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["session"] = cast.signed_in(alice).cookies["session"].value
    assert strict.post(reverse("site:write"), form(attached=file("plan.pdf", PDF))).status_code == 403
    assert not Request.objects.exists()


def test_no_other_page_takes_files(alice: Account, place: Path) -> None:
    cast.signed_in(alice).post(reverse("site:settings"), {"x": file("plan.pdf", PDF)})
    assert list(place.rglob("*")) == []


def test_each_link_that_leads_nowhere_says_why(client: Client, alice: Account, postbox: Postbox) -> None:
    made = asked.by(alice)
    old = link(made, now=clock.now() - timedelta(days=15))
    ended = client.get(old)
    assert ended.status_code == 410
    again = old + "link/"
    assert again in ended.content.decode()
    assert client.post(again).status_code == 200
    [mail] = postbox.deliver()
    assert mail["To"] == alice.email
    assert client.get(reverse("site:conversation", args=["x.y"])).status_code == 404
    assert client.post(reverse("site:conversation_link", args=["x.y"])).status_code == 404
    unsure = asked.by_stranger()
    assert client.get(link(unsure)).status_code == 410
    assert client.get(link(made, "confirm")).status_code == 200
    Request.objects.filter(pk=made.pk).delete()
    assert client.get(link(made)).status_code == 410


def test_lists_ask_as_many_questions_however_long(alice: Account, django_assert_num_queries: Any) -> None:
    browser = cast.signed_in(alice)
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    def asked_of(page: str) -> int:
        with CaptureQueriesContext(connections["default"]) as told:
            assert browser.get(page).status_code == 200
        return len(told)

    made = asked.by(alice)
    few = asked_of(reverse("site:help")), asked_of(link(made))
    for _ in range(4):
        asked.by(alice)
        asked.replied(made)
    assert (asked_of(reverse("site:help")), asked_of(link(made))) == few
