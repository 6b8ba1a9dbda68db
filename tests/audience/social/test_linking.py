"""Linking an account of a network: with a clear yes, for one browser, once; nothing else is kept."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from seqlense.accounts.models import Account
from seqlense.audience.social.models import LinkedAccount
from seqlense.kit import clock
from seqlense.privacy import consent
from seqlense.privacy.consent.models import Receipt
from seqlense.privacy.records import Act
from tests import cast
from tests.audience.social.provider import CLIENT, SECRET, Provider, parts

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')
NETWORKS = ["linkedin", "x", "youtube"]


def page(name: str, *arguments: str) -> str:
    with translation.override("fr"):
        return reverse(f"site:{name}", args=arguments)


def agree(browser: Client, network: str) -> str:
    """Read, agree, and be led off: where to."""
    asked = browser.get(page("network_link", network))
    assert asked.status_code == 200
    left = browser.post(page("network_link", network))
    found = ADDRESS.search(left.text)
    assert found is not None, left.text
    return unescape(found[1])


def back(browser: Client, address: str) -> str:
    """Come back with that answer; what the page says then."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == "http://testserver"
    shown = browser.get(f"{parts.path}?{parts.query}", follow=True)
    assert shown.redirect_chain[-1][0] == page("networks"), "no code stays in the address bar"
    return shown.text


def link(browser: Client, network: str, there: Provider) -> str:
    return back(browser, there.visit(agree(browser, network)))


def kept(account: Account) -> list[tuple[str, str, str]]:
    rows = LinkedAccount.objects.filter(subject_id=account.subject_id)
    return [(one.network, one.account, one.name) for one in rows]


def acts_of(subject: UUID) -> list[str]:
    return list(
        Act.objects.filter(subject=subject, kind__startswith="social.").values_list("kind", flat=True)
    )


@pytest.mark.parametrize("network", NETWORKS)
def test_an_account_is_linked_and_only_its_id_and_name_are_kept(network: str, there: Provider) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    address = agree(browser, network)
    question = parts(address)
    assert there.asked == [], "nobody is asked before the person goes there"
    assert question["client_id"] == CLIENT
    assert question["redirect_uri"] == f"http://testserver/networks/{network}/answer/"
    assert len(question["state"]) > 40
    if network == "linkedin":  # knows neither
        assert "code_challenge" not in question
        assert "nonce" not in question
    else:
        assert question["code_challenge_method"] == "S256"
        assert ("nonce" in question) == (network == "youtube")
    assert "est lié" in back(browser, there.visit(address))
    name = "@alice" if network == "x" else "Alice A."
    assert kept(alice) == [(network, "4242", name)]
    assert there.living == set(), "the token is revoked"
    assert acts_of(alice.subject_id) == ["social.linked"]
    [receipt] = Receipt.objects.filter(subject_id=alice.subject_id)
    assert (receipt.purpose, receipt.how, receipt.language) == ("social_networks", "settings", "fr")
    assert len(receipt.shown) == 64
    shown = browser.get(page("networks")).text
    assert name in shown
    assert name in browser.get(page("my_data")).text


def test_nothing_of_it_is_readable_in_the_database(there: Provider) -> None:
    alice = cast.alice()
    there.who = ("987654321012", "Mirabelle Quetsch")
    link(cast.signed_in(alice), "youtube", there)
    with connection.cursor() as cursor:
        cursor.execute("select l::text from social_linkedaccount l")
        [(row,)] = cursor.fetchall()
        cursor.execute("select string_agg(a::text, ' ') from privacy_act a")
        [(acts,)] = cursor.fetchall()
        cursor.execute("select string_agg(data, ' ') from accounts_session")
        [(sessions,)] = cursor.fetchall()
    for secret in ("987654321012", "Mirabelle", "Quetsch", SECRET):
        assert secret not in row + acts + sessions
    assert kept(alice) == [("youtube", "987654321012", "Mirabelle Quetsch")]


def test_without_a_clear_yes_nobody_is_led_off(there: Provider) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    shown = browser.get(page("network_link", "x")).text
    assert "J’accepte" in shown
    assert there.address not in shown
    assert not consent.given(alice.subject_id, "social_networks")
    assert browser.session.get("networks") is None
    assert Client().get(page("network_link", "x")).status_code == 302


def test_no_at_the_network_keeps_nothing_not_even_the_consent(there: Provider) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    there.says_no = True
    assert "Vous avez refusé" in link(browser, "x", there)
    assert (kept(alice), there.asked) == ([], ["/authorize"])
    assert not consent.given(alice.subject_id, "social_networks")
    there.says_no = False
    assert "est lié" in link(browser, "x", there), "who changes their mind begins again"


def test_a_state_that_we_did_not_make_is_refused(there: Provider) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    answer = there.visit(agree(browser, "x"))
    given = parts(answer)
    forged = [
        answer.replace(given["state"], "A" * len(given["state"])),
        answer.replace(given["state"], given["state"][:-2] + "AA"),
        answer.replace(given["state"], "é" * 9),
        answer.replace(given["state"], "x" * 9000),
        answer.replace(f"state={given['state']}", ""),
        answer.replace("/networks/x/", "/networks/youtube/"),
    ]
    for one in forged:
        assert "aucune question" in back(browser, one)
        browser = cast.signed_in(alice)
    assert kept(alice) == []
    assert "/token" not in there.asked, "nothing is asked of the network for them"


def test_an_answer_is_taken_once_and_in_time(there: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    answer = there.visit(agree(browser, "x"))
    assert "est lié" in back(browser, answer)
    assert "aucune question" in back(browser, answer)
    session = browser.session
    session["networks"] = {parts(answer)["state"]: ["verifier", "nonce"]}
    session.save()
    assert "aucune question" in back(browser, answer), "nor again, with the session as it was"
    late = there.visit(agree(browser, "x"))
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "aucune question" in back(browser, late)


def test_a_code_is_good_once(there: Provider) -> None:
    browser = cast.signed_in(cast.alice())
    first = there.visit(agree(browser, "x"))
    again = there.visit(agree(browser, "x"))
    assert "est lié" in back(browser, first)
    replayed = again.replace(parts(again)["code"], parts(first)["code"])
    assert "n’accepte plus" in back(browser, replayed)


def test_another_browser_or_person_brings_no_answer_home(there: Provider) -> None:
    alice, bob = cast.alice(), cast.bob()
    mine, theirs = cast.signed_in(alice), cast.signed_in(bob)
    answer = there.visit(agree(mine, "x"))
    bob_answered = theirs.get(answer, follow=True)
    assert "belongs to no question" in bob_answered.text
    nobody = Client().get(answer, follow=True)
    assert nobody.redirect_chain[-1][0].endswith("/sign-in/")
    assert (kept(alice), kept(bob)) == ([], [])
    session = theirs.session
    session["networks"] = mine.session["networks"]
    session.save()
    assert "belongs to no question" in theirs.get(answer, follow=True).text, "made for Alice"
    assert "est lié" in back(mine, answer), "Alice's own isn't spoilt by that"


def test_no_network_without_configuration_or_activity(there: Provider, settings: object) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    assert browser.get(page("network_link", "mastodon")).status_code == 404
    settings.SEQLENSE_NETWORKS = ()  # type: ignore[attr-defined]
    assert browser.get(page("network_link", "x")).status_code == 404
    assert page("networks") not in browser.get(page("settings")).text
    assert "Rien ne peut être lié" in browser.get(page("networks")).text
    assert browser.get("/networks/mastodon/answer/").status_code == 404


def test_a_network_that_takes_no_token_back_stops_nobody(
    there: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    there.fault = "revoke error"
    assert "est lié" in link(cast.signed_in(cast.alice()), "x", there)
    assert "kept nowhere" in caplog.text


def test_a_network_at_fault_costs_nothing_and_can_be_tried_again(there: Provider) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    for fault, said in (("token error", "ne répond pas"), ("profile junk", "ne peut pas être lue")):
        there.fault = fault
        assert said in link(browser, "x", there)
        assert (kept(alice), there.living) == ([], set())
    there.fault = ""
    assert "est lié" in link(browser, "x", there)
    there.claims = {"aud": "somebody-else"}
    assert "n’est pas signé" in link(browser, "youtube", there)
    there.claims, there.who = {}, ("42", "<script>alert(1)</script>")
    assert "<script>alert" not in link(browser, "youtube", there)
    assert len(kept(alice)) == 2
