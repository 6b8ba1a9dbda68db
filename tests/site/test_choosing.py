"""POST /consent/: what counts as a choice, what it leaves, and what is refused."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from seqlense.kit import clock
from seqlense.privacy import running
from seqlense.privacy.consent import Receipt, choices, displays
from seqlense.privacy.models import Act, Leaf
from seqlense.site.consent.pace import BURST, pace
from tests.privacy.consent.club import answers_of, club

pytestmark = pytest.mark.django_db
HERE = "http://testserver"
BOTH = {"youtube": True, "x": True}


@pytest.fixture(autouse=True)
def _club() -> Iterator[None]:
    pace.forget()
    displays.forget()
    with club():
        yield


@pytest.fixture
def shown() -> str:
    found = displays.shown("fr", now=clock.now())
    assert displays.was_shown(found, "fr")
    return found


def send(browser: Client, shown: str, *, origin: str | None = HERE, **changes: Any) -> HttpResponse:
    """A choice, as the panel sends it."""
    wish = {"services": BOTH, "how": "panel", "language": "fr", "shown": shown} | changes
    return post(browser, json.dumps(wish).encode(), origin=origin)


def post(browser: Client, sent: bytes, *, origin: str | None = HERE, **headers: Any) -> HttpResponse:
    more: dict[str, Any] = {"HTTP_ORIGIN": origin} if origin else {}
    response: Any = browser.post(
        "/consent/", data=sent, content_type="application/json", **{**more, **headers}
    )
    return response  # type: ignore[no-any-return]  # the client's own kind


def test_a_choice_leaves_a_receipt_an_entry_of_the_log_and_a_cookie(shown: str) -> None:
    visitor = Client()
    response = send(visitor, shown, services={"youtube": True, "x": False})
    assert response.status_code == 200
    receipt = Receipt.objects.get()
    assert json.loads(response.content) == {"receipt": str(receipt.pk)}
    assert receipt.subject_id is None
    assert receipt.answers == {"youtube": True, "x": False}
    assert (receipt.how, receipt.language, receipt.shown) == ("panel", "fr", shown)
    assert receipt.ended_at == receipt.at + choices.LIFE
    assert Leaf.objects.filter(act=receipt.pk).exists()
    assert not Act.objects.filter(kind__startswith="consent").exists()
    signed = response.cookies["consent-receipt"]
    assert signed["httponly"]
    assert int(signed["max-age"]) == 182 * 24 * 3600
    assert signed["samesite"] == "Lax"
    found = choices.opened(signed.value, now=receipt.at)
    assert found is not None
    assert (found.receipt, set(found.accepted)) == (receipt.pk, {"youtube"})


def test_it_costs_one_statement_and_no_session(
    shown: str, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_enlisted", {running.register().version})
    send(Client(), shown)  # whether the data may be served is asked every other second
    visitor = Client()
    with django_assert_num_queries(1):
        assert send(visitor, shown).status_code == 200
    with django_assert_num_queries(1):
        assert send(visitor, shown, services={"youtube": False, "x": False}).status_code == 200
    assert "session" not in visitor.cookies


def test_a_later_choice_ends_the_one_before_and_two_tabs_both_count(shown: str) -> None:
    tab, other = Client(), Client()
    send(tab, shown)
    other.cookies = tab.cookies.copy()  # type: ignore[assignment]  # one browser, two tabs at the same moment
    send(tab, shown, services={"youtube": False, "x": False}, how="refuse_all")
    send(other, shown, services={"youtube": True, "x": False})
    first, second, third = Receipt.objects.order_by("pk")
    assert first.ended_at == second.at
    assert {second.previous, third.previous} == {first.pk}
    assert second.ended_at is not None
    assert second.ended_at > second.at


def test_one_service_alone_leaves_the_rest_as_it_was(shown: str) -> None:
    visitor = Client()
    send(visitor, shown, services={"x": False})
    send(visitor, shown, services={"youtube": True}, how="placeholder")
    assert answers_of(visitor) == {"x": False, "youtube": True}
    first, second = Receipt.objects.order_by("pk")
    assert second.previous == first.pk
    assert first.ended_at == first.at + choices.LIFE, "it still holds for x"


def test_a_double_click_is_one_choice_and_a_change_of_mind_two(shown: str) -> None:
    visitor = Client()
    answers = {send(visitor, shown).content for _ in range(5)}
    assert len(answers) == 1
    assert Receipt.objects.count() == 1
    send(visitor, shown, services={"youtube": False, "x": True})
    assert Receipt.objects.count() == 2


def test_too_many_from_one_place_are_refused_without_a_trace(shown: str) -> None:
    statuses = [send(Client(), shown).status_code for _ in range(BURST + 3)]
    assert statuses == [200] * BURST + [429] * 3
    assert Receipt.objects.count() == BURST
    refused = send(Client(), shown)
    assert 1 <= int(refused["Retry-After"]) <= 60
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert send(elsewhere, shown).status_code == 200


@pytest.mark.parametrize(
    ("origin", "headers"),
    [
        ("https://evil.example", {}),
        ("null", {}),
        (None, {}),
        ("http://testserver.evil.example", {}),
        (HERE, {"HTTP_SEC_FETCH_SITE": "cross-site"}),
        (HERE, {"HTTP_SEC_FETCH_SITE": "same-site"}),
        (None, {"HTTP_SEC_FETCH_SITE": "none"}),
    ],
)
def test_from_elsewhere_it_is_refused(shown: str, origin: str | None, headers: dict[str, str]) -> None:
    wish = {"services": BOTH, "how": "panel", "language": "fr", "shown": shown}
    response = post(Client(), json.dumps(wish).encode(), origin=origin, **headers)
    assert response.status_code == 403
    assert json.loads(response.content) == {"code": "foreign"}
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"services": {"tracker": True}}, "unknown-service"),
        ({"services": {"youtube": True, "hetzner": True}}, "unknown-service"),
        ({"services": {}}, "malformed"),
        ({"services": ["youtube"]}, "malformed"),
        ({"services": {"youtube": "true"}}, "malformed"),
        ({"services": {"youtube": 1}}, "malformed"),
        ({"how": "browsing"}, "malformed"),
        ({"how": ["panel"]}, "malformed"),
        ({"how": "accept_all", "services": {"x": False}}, "malformed"),
        ({"how": "refuse_all", "services": {"x": True}}, "malformed"),
        ({"how": "gpc", "services": {"x": False}}, "malformed"),
        ({"shown": "0" * 64}, "unknown-display"),
        ({"shown": None}, "malformed"),
        ({"shown": "\x00"}, "unknown-display"),
        ({"language": "en"}, "unknown-display"),
        ({"language": "de"}, "unknown-display"),
    ],
)
def test_what_the_panel_doesnt_send_is_refused(shown: str, changes: dict[str, Any], code: str) -> None:
    response = send(Client(), **{"shown": shown, **changes})
    assert (response.status_code, json.loads(response.content)) == (422, {"code": code})
    assert not Receipt.objects.exists()
    assert not response.cookies


@pytest.mark.parametrize("sent", [b"{", b"[]", b"null", b"\xff\xfe", b"[" * 3000, b'"' + b"x" * 90 + b'"'])
def test_malformed_is_refused(sent: bytes) -> None:
    response = post(Client(), sent)
    assert (response.status_code, json.loads(response.content)) == (422, {"code": "malformed"})


def test_oversized_other_kinds_and_other_methods_are_refused(shown: str) -> None:
    assert post(Client(), b"{" + b" " * 5000).status_code == 413
    form = Client().post("/consent/", {"services": "youtube"}, HTTP_ORIGIN=HERE)
    assert form.status_code == 415
    asked = Client().get("/consent/")
    assert (asked.status_code, asked["Allow"]) == (405, "POST")
    assert not Receipt.objects.exists()


def test_forged_and_edited_cookies_have_no_effect(shown: str) -> None:
    visitor = Client()
    visitor.cookies["consent-receipt"] = "1~" + "0" * 32 + "~0~youtube-00000000-0-1~" + "0" * 64
    send(visitor, shown, services={"x": False})
    receipt = Receipt.objects.get()
    assert receipt.previous is None
    assert answers_of(visitor) == {"x": False}


def test_a_cookie_of_before_gives_back_its_choice_and_ends_no_later_receipt(shown: str) -> None:
    """Replayed by its own browser it is that person's doing; the receipts tell what came after."""
    visitor = Client()
    send(visitor, shown)
    before = visitor.cookies["consent-receipt"].value
    send(visitor, shown, services={"youtube": False, "x": False}, how="refuse_all")
    first, second = Receipt.objects.order_by("pk")
    visitor.cookies["consent-receipt"] = before
    send(visitor, shown, services={"youtube": True, "x": False})
    first.refresh_from_db()
    second.refresh_from_db()
    third = Receipt.objects.latest("pk")
    assert (third.previous, first.ended_at) == (first.pk, second.at), "what has ended stays ended"
    assert second.ended_at == second.at + choices.LIFE
    assert Leaf.objects.filter(act__in=[first.pk, second.pk, third.pk]).count() == 3


def test_a_choice_sent_again_later_is_an_act_of_its_own_and_of_this_browser(
    shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = Client(), Client()
    for browser in (mine, other):
        send(browser, shown)
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    send(mine, shown)
    receipts = list(Receipt.objects.all())
    assert len(receipts) == 3
    assert sum(one.ended_at == later for one in receipts) == 1, "the other browser's stays"


def test_a_signal_is_recorded_when_the_browser_says_it(shown: str) -> None:
    wish = {"services": {"youtube": False, "x": False}, "how": "gpc", "language": "fr", "shown": shown}
    response = post(Client(), json.dumps(wish).encode(), HTTP_SEC_GPC="1")
    assert response.status_code == 200
    assert Receipt.objects.get().how == "gpc"


def test_an_older_page_may_still_choose(shown: str, settings: Any) -> None:
    settings.SEQLENSE_CONSENT_DISPLAY = "tests.site.test_choosing.other_parts"
    newer = displays.shown("fr", now=clock.now() + timedelta(days=1))
    assert newer != shown
    assert send(Client(), shown).status_code == send(Client(), newer).status_code == 200


def other_parts(language: str) -> displays.Parts:
    return displays.Parts(texts={"accept": f"Other words ({language})"})
