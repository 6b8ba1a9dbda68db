"""Versions are read by anybody; what changed is shown to those whom it concerns, until they answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.privacy.publishing.models import Acknowledgement
from tests import cast
from tests.privacy.publishing.editions import altered, elsewhere, on, publish_running, published, without_zone

pytestmark = pytest.mark.django_db
NOW = clock.now()
AGO = NOW - timedelta(days=60)
BANNER = 'class="news"'


def text(browser: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    response = browser.get(reverse(f"site:{name}", args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def change() -> None:
    published(altered(without_zone, elsewhere), now=AGO)
    publish_running(now=NOW, explanation={"fr": "Vos <heures>.", "en": "Your hours."})


@pytest.fixture
def alice() -> Account:
    return cast.alice()


def test_versions_are_listed_read_and_compared(client: Client) -> None:
    assert "Aucune version" in text(client, "notice_versions")
    change()
    listed = text(client, "notice_versions")
    assert listed.count("<li class=") == 2
    assert "Vos &lt;heures&gt;." in listed
    old = text(client, "notice_version", 1, "privacy")
    assert "Fuseau horaire" not in old
    assert "Une version plus récente remplace celle-ci" in old
    assert "Fuseau horaire" in text(client, "notice_version", 2, "privacy")
    compared = text(client, "notice_difference", query="?before=1&after=2&kind=privacy")
    assert "<ins>Fuseau horaire</ins>" in compared
    assert "RGPD, art. 13, 14(1)(d)" in compared
    backwards = text(client, "notice_difference", query="?before=2&after=1&kind=legal")
    assert "<del>Ancienne direction</del>" in backwards
    assert client.cookies.get("session") is None


@pytest.mark.parametrize("query", ["?before=7&after=8", "?before=x", "?before=1&after=2&kind=other"])
def test_a_comparison_of_nothing_says_so(client: Client, query: str) -> None:
    change()
    text(client, "notice_difference", query=query, status=422)


@pytest.mark.parametrize(("number", "kind"), [(9, "privacy"), (1, "other"), (0, "legal")])
def test_a_version_that_never_was_is_not_found(client: Client, number: int, kind: str) -> None:
    change()
    text(client, "notice_version", number, kind, status=404)


def test_the_live_notice_shows_what_runs_and_says_where_it_stands(client: Client) -> None:
    published(altered(without_zone), now=AGO)
    live = text(client, "privacy_policy")
    assert "Fuseau horaire" in live
    assert "Ce texte devance la dernière version publiée" in live
    publish_running(now=NOW)
    live = text(client, "privacy_policy")
    assert "Version 2 de nos notices" in live
    assert "devance" not in live


def test_the_banner_is_there_for_those_concerned_until_they_read_it(alice: Account, client: Client) -> None:
    browser = cast.signed_in(alice)
    assert BANNER not in text(browser, "home")
    change()
    cast.person("Nadia Neuf", "nadia@ailleurs.example")
    shown = text(browser, "home")
    assert BANNER in shown
    assert "Comptes et authentification\u00a0: donnée ajoutée" in shown
    assert BANNER not in text(client, "front")
    page = text(browser, "notice_news")
    assert "Fuseau horaire" in page
    assert "Vos &lt;heures&gt;." in page
    for _click in range(2):
        done = browser.post(reverse("site:notice_read", args=[2]), {"next": reverse("site:settings")})
        assert done.headers["Location"] == reverse("site:settings")
    assert BANNER not in text(browser, "home")
    assert "Rien de nouveau" in text(browser, "notice_news")
    assert Acknowledgement.objects.count() == 1


def test_newcomers_and_those_without_data_in_it_see_none() -> None:
    published(altered(on("contract")), now=cast.OPENED - timedelta(days=2))
    published(altered(without_zone), now=cast.OPENED - timedelta(days=1))
    assert BANNER not in text(cast.signed_in(cast.alice()), "home")


def test_a_yes_or_no_is_a_button_each_and_nothing_else_counts(alice: Account) -> None:
    browser = cast.signed_in(alice)
    published(altered(), now=AGO)
    published(altered(on("contract")), now=NOW)
    page = text(browser, "notice_news")
    assert page.count('name="answer"') == 2
    address = reverse("site:notice_answer", args=[2, "accounts"])
    for said in ({}, {"answer": ""}, {"answer": "perhaps"}):
        browser.post(address, said)
    browser.post(reverse("site:notice_read", args=[2]))
    assert Acknowledgement.objects.count() == 0
    browser.post(address, {"answer": "no"})
    browser.post(address, {"answer": "yes"})
    answers = dict(Acknowledgement.objects.values_list("activity", "kind"))
    assert answers == {"accounts": "refused", "": "read"}


def test_nobody_answers_for_another_or_by_a_link(alice: Account, client: Client) -> None:
    change()
    address = reverse("site:notice_read", args=[2])
    assert client.post(address).status_code == 302
    assert cast.signed_in(alice).get(address).status_code == 405
    assert Acknowledgement.objects.count() == 0
    elsewhere_to = cast.signed_in(alice).post(address, {"next": "https://evil.example/"})
    assert elsewhere_to.headers["Location"] == reverse("site:home")


def test_a_page_costs_one_question_more_for_those_whom_nothing_concerns(
    alice: Account, django_assert_max_num_queries: Any
) -> None:
    change()
    browser = cast.signed_in(alice)
    browser.post(reverse("site:notice_read", args=[2]))
    text(browser, "home")
    with django_assert_max_num_queries(14):
        text(browser, "home")
