"""My data: what a person sees, takes away and finds again."""

import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from seqlense.accounts import codes
from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.privacy import running
from seqlense.privacy.records import Act, RightsRequest
from tests import cast


@pytest.fixture
def bob(db: None) -> Account:
    return cast.company().bob


def test_everything_held_is_on_the_page_in_both_languages(bob: Account) -> None:
    browser = cast.signed_in(bob)
    for language, title in (("fr", "Mes données"), ("en", "My data")):
        page = browser.get(f"/{language}/my-data/").content.decode()
        assert title in page
        assert bob.email in page
        assert bob.name in page
        accounts = running.register().activities["accounts"]
        assert escape(accounts.purpose.in_(language)) in page
        assert accounts.basis.article in page
    assert bob.password not in page, "what nobody can read isn't shown"


def test_nobody_sees_another_persons_data(bob: Account, client: Client) -> None:
    charlie = cast.charlie()
    page = cast.signed_in(charlie).get(reverse("site:my_data")).content.decode()
    assert charlie.email in page
    assert bob.email not in page
    assert client.get(reverse("site:my_data")).status_code == 302


def test_the_download_holds_all_of_it_and_the_request_itself(bob: Account) -> None:
    browser = cast.signed_in(bob)
    response = browser.post(reverse("site:my_data_download"))
    assert response.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        assert manifest["register_version"] == running.register().version
        assert bob.email in packed.read("activities/accounts.json").decode()
        assert "access" in packed.read("activities/rights_requests.json").decode()
    assert Act.objects.filter(kind="privacy.packaged", subject=bob.subject_id).exists()
    history = browser.get(reverse("site:my_requests")).content.decode()
    request = RightsRequest.objects.get(subject_id=bob.subject_id)
    assert request.answered_at is not None
    assert "timeline" in history


def test_a_copy_of_the_data_opens_no_account(bob: Account) -> None:
    secret = codes.begin(bob, now=clock.now()).secret
    response = cast.signed_in(bob).post(reverse("site:my_data_download"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        told = packed.read("activities/accounts.json").decode()
    items = {one["key"]: one["values"] for one in json.loads(told)["items"]}
    for key in ("accounts.password", "accounts.code_secret", "accounts.session_key"):
        assert {(one["value"], one["withheld"]) for one in items[key]} == {(None, True)}
    assert secret not in told
    assert bob.password not in told


def test_the_download_asks_who_is_there(bob: Account) -> None:
    response = cast.signed_in(bob, confirmed=False).post(reverse("site:my_data_download"))
    assert response.headers["Content-Type"].startswith("text/html")
    assert not RightsRequest.objects.exists()


def test_queries_do_not_grow_with_rows(bob: Account, django_assert_max_num_queries: object) -> None:
    browser = cast.signed_in(bob)
    browser.get(reverse("site:my_data"))
    with django_assert_max_num_queries(14) as few:  # type: ignore[operator]
        browser.get(reverse("site:my_data"))
    for _ in range(5):
        cast.signed_in(bob)
    with django_assert_max_num_queries(len(few.captured_queries)):  # type: ignore[operator]
        browser.get(reverse("site:my_data"))


def test_home_says_what_waits(bob: Account, django_assert_max_num_queries: object) -> None:
    charlie, owner = cast.charlie(), cast.person("Zoé", "zoe@zoe.example")
    cast.invited(cast.founded(owner, "Zoé SARL"), owner, charlie.email, now=clock.now())
    assert "Zoé SARL" in cast.signed_in(charlie).get(reverse("site:home")).content.decode()
    browser = cast.signed_in(bob)
    browser.get(reverse("site:home"))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert "Arnaud &amp; Cie" in browser.get(reverse("site:home")).content.decode()
