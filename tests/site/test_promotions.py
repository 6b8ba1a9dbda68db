"""Pages of promotions: the card, why it is shown, interests, memory, and the groups one is in."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seqlense.accounts.models import Account
from seqlense.audience.promotions import interests
from seqlense.audience.promotions.models import Declaration, Promotion, Reaction
from seqlense.audience.segments.models import Belonging
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import consent, switches
from tests import cast
from tests.audience.promotions.writing import agrees, running
from tests.audience.segments.crowd import crowd, interest, interested, rule, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> Account:
    return cast.bob()


@pytest.fixture
def browser(bob: Account) -> Client:
    return cast.signed_in(bob)


def at(name: str, row: Promotion | None = None) -> str:
    return reverse(f"site:{name}", args=[row.pk] if row else [])


def test_the_card_says_why_with_the_very_data(browser: Client, bob: Account) -> None:
    row = running("Pour <b>anglophones</b>", rule=rule(accounts_language="en"))
    page = browser.get(at("home")).text
    assert "Pour &lt;b&gt;anglophones&lt;/b&gt;" in page
    assert "<strong>vos collègues</strong>" in page
    why = browser.get(at("promotion_why", row)).text
    assert "anglais" in why
    assert "choisie pour vous" in why
    browser.post(at("promotions_personal"), {"allowed": "no"})
    assert switches.barred(bob.subject_id, "promotions") is not None
    why = browser.get(at("promotion_why", row)).text
    assert "anglais" not in why.partition("<main")[2], "nothing about them was read"
    assert "Pour &lt;b&gt;anglophones" in browser.get(at("home")).text, "never fewer"
    browser.post(at("promotions_personal"), {"allowed": "yes"})
    assert switches.barred(bob.subject_id, "promotions") is None


@pytest.mark.parametrize("slot", ["home", "organisations", "settings"])
def test_each_place_has_its_card(browser: Client, slot: str) -> None:
    running("Ici", slot=slot)
    for name in ("home", "organisations", "settings"):
        assert ("Ici" in browser.get(at(name)).text) is (name == slot)


def test_putting_away_for_a_session_or_for_good(browser: Client, bob: Account) -> None:
    row = running("Une")
    back = browser.post(at("promotion_put_away", row), {"next": at("home")})
    assert back.headers["Location"] == at("home")
    assert "Une" not in browser.get(at("home")).text.replace("Une nouvelle", "")
    assert not Reaction.objects.exists()
    other = cast.signed_in(bob)
    assert row.title_fr in other.get(at("home")).text, "the next sign-in shows it again"
    agrees(bob)
    other.post(at("promotion_put_away", row), {"next": "https://ailleurs.example/"})
    assert Reaction.objects.filter(kind="put_away", subject_id=bob.subject_id).count() == 1
    assert 'id="promotion-title"' not in cast.signed_in(bob).get(at("home")).text


def test_the_button_leads_on_and_tells_nobody(browser: Client, bob: Account) -> None:
    row = running("Dehors", link="https://www.seqlense.com/offre")
    assert "www.seqlense.com" in browser.get(at("home")).text
    answer = browser.get(at("promotion_open", row))
    assert answer.headers["Location"] == "https://www.seqlense.com/offre"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not Reaction.objects.exists()
    agrees(bob)
    browser.get(at("promotion_open", row))
    assert Reaction.objects.get().kind == "opened"
    english = browser.get(f"/en/promotions/{running('Dedans').pk}/open/")
    assert english.headers["Location"] == "/en/organisations/new/"


def test_foreign_and_stopped_promotions_are_not_found(browser: Client) -> None:
    row = running("Une")
    Promotion.objects.filter(pk=row.pk).update(stopped_at=clock.now())
    for pk in (row.pk, uuid7()):
        for name, method in (("why", "get"), ("open", "get"), ("put_away", "post")):
            address = reverse(f"site:promotion_{name}", args=[pk])
            assert getattr(browser, method)(address).status_code == 404


def test_interests_are_declared_changed_and_erased(browser: Client, bob: Account) -> None:
    first, second = interest("Signing"), interest("Invoices")
    assert "Signing (fr)" in browser.get(at("promotions")).text
    assert browser.post(at("promotions"), {"interests": [first], "seen": ""}).status_code == 302
    assert interests.codes(interests.declared_by(bob.subject_id)) == {first}
    stale = browser.post(at("promotions"), {"interests": [second], "seen": ""})
    assert stale.status_code == 409
    assert interests.codes(interests.declared_by(bob.subject_id)) == {first}
    assert browser.post(at("promotions"), {"interests": ["autre"], "seen": ""}).status_code == 422
    assert "Signing (fr)" in browser.get(at("my_data")).text
    seen = interests.seen_as(interests.declared_by(bob.subject_id))
    browser.post(at("promotions"), {"seen": seen})
    assert not Declaration.objects.exists()


def test_memory_is_agreed_to_and_withdrawn(browser: Client, bob: Account) -> None:
    running("Une")
    browser.post(at("promotions_memory"), {"agreed": "yes"})
    assert consent.given(bob.subject_id, "personalised_promotions")
    browser.get(at("home"))
    assert Reaction.objects.get().kind == "seen"
    assert "Vous avez accepté" in browser.get(at("promotions")).text
    browser.post(at("promotions_memory"), {"agreed": "no"})
    assert not consent.given(bob.subject_id, "personalised_promotions")
    assert not Reaction.objects.exists()
    browser.post(at("promotions_memory"), {"agreed": "yes"})
    assert "Vous avez accepté" in browser.get(at("promotions")).text, "and agreed to again"


def test_ones_groups_with_the_reason_and_out_of_them_in_a_click(browser: Client, bob: Account) -> None:
    crowd(12, language="en")
    segment(rule(accounts_language="en"), name="Anglophones")
    page = browser.get(at("my_groups")).text
    assert "Anglophones" in page
    assert "anglais" in page
    assert "Anglophones" in browser.get(at("my_data")).text
    charlie = cast.signed_in(cast.charlie()).get(at("my_groups")).text
    assert "Anglophones" not in charlie
    browser.post(at("my_groups_choice"), {"allowed": "no"})
    assert not Belonging.objects.filter(subject_id=bob.subject_id).exists()
    assert "Vous avez quitté tous les groupes" in browser.get(at("my_groups")).text
    browser.post(at("my_groups_choice"), {"allowed": "yes"})
    assert switches.barred(bob.subject_id, "profiling") is None


def test_queries_do_not_grow(browser: Client, bob: Account, django_assert_max_num_queries: Any) -> None:
    interested([bob.subject_id], interest())
    crowd(12, language="en")
    segment(rule(accounts_language="en"), name="Un")
    for name in ("promotions", "my_groups"):
        browser.get(at(name))
    with django_assert_max_num_queries(40) as few:
        browser.get(at("my_groups"))
    segment(rule(accounts_language="en", accounts_second_factor="off"), name="Deux")
    interest("Another")
    with django_assert_max_num_queries(len(few.captured_queries) + 6):  # one for the other feature's table
        browser.get(at("my_groups"))
