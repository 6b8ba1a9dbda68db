"""The choices as a page: what the panel does, by a form."""

from collections.abc import Iterator

import pytest
from django.test import Client

from seqlense.privacy.consent import Receipt, choices
from tests.privacy.consent.club import club

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PAGE = "/en/choices/"


@pytest.fixture
def _club() -> Iterator[None]:
    with club():
        yield


@pytest.mark.usefixtures("_club")
def test_answers_are_kept_and_change_what_the_browser_is_told(client: Client) -> None:
    client.get(PAGE)
    response = client.post(PAGE, {"service-youtube": "yes", "service-x": "no"}, follow=True)
    assert "Your choice is kept" in response.text
    assert "https://video.example" in response.headers["Content-Security-Policy"]
    assert "posts.example" not in response.headers["Content-Security-Policy"]
    receipt = Receipt.objects.get()
    assert (receipt.answers, receipt.how) == ({"youtube": True, "x": False}, "panel")
    response = client.post(PAGE, {"all": "refuse_all"}, follow=True)
    assert "video.example" not in response.headers["Content-Security-Policy"]
    assert Receipt.objects.count() == 2


@pytest.mark.usefixtures("_club")
def test_nothing_answered_is_nothing_chosen_and_strangers_are_ignored(client: Client) -> None:
    for sent in ({}, {"service-youtube": "maybe"}, {"service-stranger": "yes"}, {"all": "everything"}):
        response = client.post(PAGE, sent)
        assert response.status_code == 302
        assert choices.NAME not in response.cookies
    assert Receipt.objects.count() == 0
    assert Client(enforce_csrf_checks=True).post(PAGE, {"all": "accept_all"}).status_code == 403


@pytest.mark.usefixtures("_club")
def test_the_panel_stands_in_each_page_with_what_was_chosen(client: Client) -> None:
    page = client.get("/fr/contact/").text
    assert '"accepted":[]' in page
    assert "Tout refuser" in page
    client.post(PAGE, {"service-youtube": "yes"})
    assert '"accepted":["youtube"]' in client.get("/fr/contact/").text
    assert 'id="choices"' in client.get("/fr/sign-in/").text


def test_without_an_outside_service_there_is_no_panel_and_nothing_to_choose(client: Client) -> None:
    contact = client.get("/en/contact/").text
    assert 'id="choices"' not in contact
    assert "panel.js" not in contact
    page = client.get(PAGE).text
    assert "There is nothing to choose" in page
    assert "My choices" in client.get("/en/contact/").text
