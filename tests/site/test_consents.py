"""Consents of somebody signed in, receipts of visitors: seen, taken away, withdrawn; nobody else's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from seqlense.accounts import sessions
from seqlense.accounts.backends import BACKEND
from seqlense.accounts.models import Account
from seqlense.accounts.signing_in import SignedIn
from seqlense.kit import clock
from seqlense.privacy import consent, log, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import Receipt, choices, displays, sharing
from seqlense.privacy.switches import Kind
from seqlense.site.account import entering
from seqlense.site.consent.pace import pace
from tests import cast
from tests.privacy.consent.club import CALLS, LETTERS, NEWS, answers_of, club

pytestmark = pytest.mark.django_db
PAGE, RECEIPT = "/fr/consents/", "/fr/consent/receipt/"


@pytest.fixture(autouse=True)
def _club(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SEQLENSE_LOG = tmp_path / "log"
    settings.SEQLENSE_LOG_KEY = tmp_path / "key" / "log.key"
    settings.SEQLENSE_LOG_ORIGIN = "log.example/log"
    pace.forget()
    displays.forget()
    with club():
        yield


def chosen(browser: Client, **answers: bool) -> None:
    """A choice that the panel sends from this browser."""
    wish = {
        "services": answers, "how": "panel", "language": "fr", "shown": displays.shown("fr", now=clock.now()),
    }  # fmt: skip
    more: dict[str, Any] = {"HTTP_ORIGIN": "http://testserver"}
    sent = browser.post("/consent/", json.dumps(wish), content_type="application/json", **more)
    assert sent.status_code == 200


def agreed(account: Account, shown: str = "club-1") -> Receipt:
    actor = Actor.person(account.subject_id)
    return consent.give(
        account.subject_id, NEWS, how="form", shown=shown, language="fr", actor=actor, now=clock.now()
    )


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_visitor_takes_their_own_receipt_and_nobody_elses() -> None:
    ada, eve = Client(), Client()
    assert "pas encore" in text(ada.get(RECEIPT))
    assert ada.get(f"{RECEIPT}file/").status_code == 404
    chosen(ada, youtube=True, x=False)
    chosen(eve, youtube=False, x=False)
    mine = json.loads(ada.get(f"{RECEIPT}file/").content)
    assert mine["record_id"] in text(ada.get(RECEIPT))
    assert mine["record_id"] not in text(eve.get(RECEIPT))
    eve.cookies["consent-receipt"] = eve.cookies["consent-receipt"].value.replace(
        UUID(json.loads(eve.get(f"{RECEIPT}file/").content)["record_id"]).hex, UUID(mine["record_id"]).hex
    )
    assert eve.get(f"{RECEIPT}file/").status_code == 404
    assert ada.get(f"{RECEIPT}proof/").status_code == 503, "within the first second"
    log.seal(now=clock.now())
    proof = json.loads(ada.get(f"{RECEIPT}proof/").content)
    assert mine["record_id"] in json.dumps(proof)


def test_a_signal_is_shown_as_a_refusal() -> None:
    more: dict[str, Any] = {"HTTP_SEC_GPC": "1"}
    assert "Global Privacy Control" in text(Client().get(RECEIPT, **more))


def test_consents_are_listed_and_withdrawn_in_one_click() -> None:
    alice, bob = cast.alice(), cast.bob()
    agreed(alice)
    browser, other = cast.signed_in(alice), cast.signed_in(bob)
    page = text(browser.get(PAGE))
    assert "Club (letters)" in page
    assert "club-1" in page
    assert "Club (letters)" not in text(other.get(PAGE))
    assert browser.get(f"{PAGE}withdraw/{NEWS}/").status_code == 405
    assert browser.post(f"{PAGE}withdraw/{NEWS}/").status_code == 302
    assert other.post(f"{PAGE}withdraw/{NEWS}/").status_code == 302
    assert not consent.given(alice.subject_id, NEWS)
    assert {switches.barred(alice.subject_id, one) for one in (LETTERS, CALLS)} == {Kind.WITHDRAWAL}
    assert Receipt.objects.filter(kind="withdrawn").count() == 1
    assert "Reçu" in text(browser.get(PAGE))


def test_receipts_of_ones_own_are_downloaded_and_others_dont_exist() -> None:
    alice = cast.alice()
    receipt = agreed(alice)
    found = cast.signed_in(alice).get(f"{PAGE}{receipt.pk}/file/")
    assert json.loads(found.content)["pii_principal_id"] == str(alice.subject_id)
    assert found["Content-Disposition"].startswith("attachment")
    charlie = cast.signed_in(cast.charlie())
    for what in ("file", "proof"):
        assert charlie.get(f"{PAGE}{receipt.pk}/{what}/").status_code == 404
        assert Client().get(f"{PAGE}{receipt.pk}/{what}/").status_code == 302


def test_the_same_choices_are_in_the_settings() -> None:
    browser = cast.signed_in(cast.alice())
    assert browser.post(f"{PAGE}choose/", {"service-youtube": "yes", "service-x": "no"}).status_code == 302
    receipt = Receipt.objects.get()
    assert (receipt.answers, receipt.how) == ({"youtube": True, "x": False}, "settings")
    assert receipt.subject_id is None, "not theirs unless they want that"
    assert answers_of(browser) == {"x": False, "youtube": True}
    browser.post(f"{PAGE}choose/", {"all": "no"})
    assert answers_of(browser) == {"x": False, "youtube": False}
    assert browser.post(f"{PAGE}choose/", {"service-hetzner": "yes"}).status_code == 302
    assert Receipt.objects.count() == 2


def test_a_choice_comes_along_only_if_the_person_wants_it() -> None:
    alice = cast.alice()
    desk = cast.signed_in(alice)
    chosen(desk, youtube=True, x=True)
    assert Receipt.objects.get().subject_id is None
    assert not entered(alice).cookies.get("consent-receipt")
    desk.post(f"{PAGE}share/", {"share": "yes"})
    chosen(desk, youtube=True, x=False)
    assert Receipt.objects.latest("at").subject_id == alice.subject_id
    phone = entered(alice)
    found = choices.opened(phone.cookies["consent-receipt"].value, now=clock.now())
    assert found is not None
    assert (set(found.accepted), set(found.refused)) == ({"youtube"}, {"x"})
    assert not entered(cast.bob()).cookies.get("consent-receipt")
    desk.post(f"{PAGE}share/", {"share": "no"})
    assert not sharing.shares(alice.subject_id)
    assert not entered(alice).cookies.get("consent-receipt")


def test_a_withdrawal_elsewhere_holds_from_the_next_page_on() -> None:
    alice = cast.alice()
    desk, phone, bobs = cast.signed_in(alice), cast.signed_in(alice), cast.signed_in(cast.bob())
    for browser in (desk, phone):
        browser.post(f"{PAGE}share/", {"share": "yes"})
    for browser in (desk, bobs):
        chosen(browser, youtube=True, x=True)
    assert "https://video.example" in phone.get(PAGE)["Content-Security-Policy"]
    assert answers_of(phone) == {"x": True, "youtube": True}
    chosen(phone, youtube=False)
    told = desk.get(PAGE)
    assert "https://video.example" not in told["Content-Security-Policy"], "this very page already"
    assert answers_of(desk) == {"x": True, "youtube": False}
    assert not desk.get(PAGE).cookies.get("consent-receipt"), "once is enough"
    assert "https://video.example" in bobs.get(PAGE)["Content-Security-Policy"]
    desk.post(f"{PAGE}share/", {"share": "no"})
    chosen(phone, youtube=True)
    assert "https://video.example" not in desk.get(PAGE)["Content-Security-Policy"]


def test_what_was_chosen_later_in_a_browser_stays() -> None:
    alice = cast.alice()
    desk = cast.signed_in(alice)
    desk.post(f"{PAGE}share/", {"share": "yes"})
    chosen(desk, youtube=True, x=True)
    later = Client()
    chosen(later, youtube=False)
    kept = {"consent-receipt": later.cookies["consent-receipt"].value}
    found = choices.opened(entered(alice, **kept).cookies["consent-receipt"].value, now=clock.now())
    assert found is not None
    assert (set(found.accepted), set(found.refused)) == ({"x"}, {"youtube"})


def entered(account: Account, **kept: str) -> HttpResponse:
    """What a browser gets when that person signs in there."""
    request: HttpRequest = RequestFactory().post("/fr/sign-in/")
    request.COOKIES.update({"consent-receipt": ""} | kept)
    request.now = clock.now()  # type: ignore[attr-defined]  # as the middleware does
    request.session = sessions.SessionStore()
    login(request, account, backend=BACKEND)
    return entering.begin(request, SignedIn(account=account, event="signed_in", strong=True), "/fr/home/")


def test_statements_dont_grow_with_receipts(django_assert_max_num_queries: Any) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    agreed(alice)
    browser.get(PAGE)
    with django_assert_max_num_queries(60) as few:
        browser.get(PAGE)
    for number in range(12):
        agreed(alice, f"club-{number + 2}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert browser.get(PAGE).status_code == 200
