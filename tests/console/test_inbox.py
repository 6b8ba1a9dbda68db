"""The inbox: staff with two factors only; reading is noted once; nothing is lost when two answer at once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.privacy import switches
from seqlense.privacy.records import Act, RightsRequest, StaffAct
from seqlense.privacy.switches import Kind
from seqlense.support import tickets
from seqlense.support.models import Attachment, Message, Note, Request
from tests import cast
from tests.documents.received import received
from tests.documents.samples import PDF
from tests.support import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEQLENSE_DOCUMENTS = tmp_path / "documents"


@pytest.fixture
def staff(db: None) -> Account:
    return cast.paul()


@pytest.fixture
def paul(staff: Account) -> Client:
    return cast.signed_in(staff, strong=True)


def at(name: str, request: Request, *more: object) -> str:
    return reverse(f"console:{name}", args=[request.pk, *more])


def answer(request: Request, text: str = "Voici.", **more: Any) -> dict[str, Any]:
    ticket = tickets.issue(now=clock.now() - timedelta(seconds=10))
    return {"message": text, "seen": request.revision, "ticket": ticket, "whole": "1", **more}


def test_only_staff_with_two_factors_get_in(paul: Client, staff: Account) -> None:
    home = cast.company()
    made = asked.by(home.alice, files=(received("plan.pdf", PDF),))
    file = Attachment.objects.get()
    pages = [reverse("console:inbox"), at("inbox_request", made), at("inbox_file", made, file.pk)]
    people = [home.alice, home.bob, home.dana, cast.charlie()]
    for page in pages:
        for one in people:
            assert cast.signed_in(one, strong=True).get(page).status_code == 403
        assert cast.signed_in(staff).get(page).status_code == 302
        found: Any = paul.get(page)
        assert found.status_code == 200
        assert b"".join(found)
    for act in ("note", "assign", "close", "reopen", "customer", "right"):
        assert cast.signed_in(home.bob, strong=True).post(at(f"inbox_{act}", made)).status_code == 403


def test_the_list_shows_subjects_and_no_names_and_is_noted(paul: Client) -> None:
    asked.confirmed(title="Ma Zwetschge")
    asked.by_stranger(address="kim@ailleurs.example", title="Jamais confirmée")
    page = paul.get(reverse("console:inbox")).content.decode()
    assert "Ma Zwetschge" in page
    assert "Jamais confirmée" not in page
    for hidden in (asked.ADDRESS, "Eve", "Zwetschgenknödel"):
        assert hidden not in page
    act = Act.objects.filter(kind="support.listed").get()
    assert (act.actor_kind, act.detail) == ("staff", {"found": 1})
    assert "Ma Zwetschge" not in paul.get(reverse("console:inbox") + "?state=closed").content.decode()
    assert "Ma Zwetschge" not in paul.get(reverse("console:inbox") + "?whose=mine").content.decode()
    assert paul.get(reverse("console:inbox") + "?state=x\0&whose=y").status_code == 200


def test_a_request_is_found_by_address_or_reference_and_what_was_sought_is_nowhere(paul: Client) -> None:
    made, unsure = asked.confirmed(title="Ma Zwetschge"), asked.by_stranger(address="kim@ailleurs.example")
    other = asked.confirmed(address="lou@ailleurs.example", title="Tout autre chose")
    search = reverse("console:search_requests")
    for wanted in (asked.ADDRESS, f" {asked.ADDRESS.upper()}", made.reference, made.reference.lower()):
        page = paul.post(search, {"wanted": wanted}).content.decode()
        assert at("inbox_request", made) in page
        assert at("inbox_request", other) not in page
    for wanted in (
        "kim@ailleurs.example",
        unsure.reference,
        "nobody@ailleurs.example",
        "Zwetschge",
        "\u2603",
    ):
        page = paul.post(search, {"wanted": wanted}).content.decode()
        assert "/files/" not in page
        assert at("inbox_request", unsure) not in page
        assert at("inbox_request", made) not in page
    assert paul.post(search, {"wanted": ""}).status_code == 422
    assert paul.get(search, {"wanted": asked.ADDRESS}).status_code == 405
    noted = [one.detail for one in Act.objects.filter(kind="support.searched")]
    assert len(noted) == 9
    assert all(list(one) == ["found"] for one in noted)


def test_the_list_asks_as_many_questions_however_long(paul: Client) -> None:
    def asked_of(page: str) -> int:
        with CaptureQueriesContext(connections["default"]) as told:
            assert paul.get(page).status_code == 200
        return len(told)

    made = asked.confirmed(files=(received("plan.pdf", PDF),))
    paul.get(at("inbox_request", made))
    few = asked_of(reverse("console:inbox")), asked_of(at("inbox_request", made))
    home = cast.founded(cast.alice())
    for number in range(6):
        other = asked.confirmed(address=f"kim{number}@ailleurs.example", source=f"192.0.2.{number + 9}")
        Request.objects.filter(pk=other.pk).update(customer=home)
        asked.replied(made, now=asked.LATER + timedelta(minutes=number))
    assert (asked_of(reverse("console:inbox")), asked_of(at("inbox_request", made))) == few


def test_reading_is_noted_once_and_the_answer_is_there(paul: Client, staff: Account) -> None:
    made = asked.confirmed()
    for _twice in range(2):
        page = paul.get(at("inbox_request", made)).content.decode()
    assert asked.ADDRESS in page
    assert "Zwetschgenknödel" in page
    assert StaffAct.objects.filter(kind="support.read", author=staff.subject_id).count() == 1
    sent = paul.post(at("inbox_request", made), answer(made, attached=SimpleUploadedFile("a.pdf", PDF)))
    assert sent.status_code == 302
    assert Message.objects.get(by="staff").author_id == staff.subject_id
    assert Attachment.objects.get().subject_id == made.subject_id


def test_two_at_once_the_second_keeps_the_text_and_sees_what_is_new(paul: Client) -> None:
    odile = cast.signed_in(cast.odile(), strong=True)
    made = asked.confirmed()
    assert paul.post(at("inbox_request", made), answer(made, "le premier")).status_code == 302
    second = odile.post(at("inbox_request", made), answer(made, "le second"))
    page = second.content.decode()
    assert second.status_code == 422
    assert "le premier" in page
    assert "le second" in page
    assert 'name="seen" value="2"' in page
    made.refresh_from_db()
    assert odile.post(at("inbox_request", made), answer(made, "le second")).status_code == 302


def test_closed_it_must_be_opened_again_and_nothing_typed_is_lost(paul: Client) -> None:
    made = asked.confirmed()
    assert paul.post(at("inbox_close", made), {"seen": 1}).status_code == 302
    made.refresh_from_db()
    refused = paul.post(at("inbox_request", made), answer(made, "trop tard"))
    assert refused.status_code == 422
    assert "trop tard" in refused.content.decode()
    assert paul.post(at("inbox_reopen", made)).status_code == 302
    made.refresh_from_db()
    assert paul.post(at("inbox_request", made), answer(made)).status_code == 302


def test_notes_assignment_customer_and_right(paul: Client, staff: Account) -> None:
    home = cast.company()
    made = asked.by(home.alice)
    assert paul.post(at("inbox_note", made), {"note": "à rappeler"}).status_code == 302
    assert Note.objects.get().text == "à rappeler"
    long = paul.post(at("inbox_note", made), {"note": "Zwetschge " * 1_200})
    assert long.status_code == 422
    assert "Zwetschge Zwetschge" in long.content.decode()
    assert Note.objects.count() == 1
    paul.post(at("inbox_assign", made), {"to": staff.subject_id, "seen": 1})
    paul.post(at("inbox_customer", made), {"customer": home.organisation.pk, "seen": 2})
    paul.post(at("inbox_right", made), {"right": "erasure"})
    made.refresh_from_db()
    assert (made.assignee_id, made.customer_id) == (staff.subject_id, home.organisation.pk)
    noted = RightsRequest.objects.get()
    assert (noted.kind, noted.received_at, made.right_id) == ("erasure", made.asked_at, noted.pk)
    for _twice in range(2):
        assert paul.post(at("inbox_right_answered", made)).status_code == 302
    noted.refresh_from_db()
    assert noted.answered_at is not None
    page = paul.get(at("inbox_request", made)).content.decode()
    assert escape(home.organisation.name) in page
    for posted in ({"to": "x", "seen": 1}, {"to": home.bob.subject_id, "seen": 4}, {}):
        assert paul.post(at("inbox_assign", made), posted).status_code == 302
    made.refresh_from_db()
    assert made.assignee_id == staff.subject_id
    theirs = cast.signed_in(home.alice).get(reverse("site:help_request", args=[made.pk])).content.decode()
    assert "à rappeler" not in theirs


def test_what_its_author_limited_is_out_of_reach(paul: Client) -> None:
    alice = cast.alice()
    made = asked.by(alice, title="Ma Zwetschge")
    switches.set(
        Kind.RESTRICTION,
        alice.subject_id,
        "support",
        ground="accuracy",
        actor=cast.actor(alice),
        now=clock.now(),
    )
    page = paul.get(reverse("console:inbox")).content.decode()
    assert "Ma Zwetschge" not in page
    assert reverse("console:switches") in page
    assert paul.get(at("inbox_request", made)).status_code == 404
    assert paul.post(at("inbox_note", made), {"note": "x"}).status_code == 404
