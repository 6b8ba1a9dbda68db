"""A browser's choice: only the signed cookie counts, for six months, and for what was asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.test import override_settings

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import consent
from seqlense.privacy.consent import choices
from tests.privacy.consent.club import NOW, club, redeclared


def chosen(**answers: bool) -> choices.Choice:
    return choices.Choice(answers={}, made_at=NOW).then(answers, receipt=uuid7(NOW), now=NOW)


MADE = chosen(youtube=True, x=False)


VIDEOS = {
    "label": {"fr": "Vidéos", "en": "Videos"},
    "explanation": {"fr": "Lit des vidéos dans la page.", "en": "Plays videos in the page."},
}


@pytest.fixture(autouse=True)
def _club() -> Iterator[None]:
    with club():
        yield


def request(cookie: str | None = None, *, now: datetime = NOW, gpc: bool = False) -> HttpRequest:
    made = HttpRequest()
    made.now = now  # type: ignore[attr-defined]  # as the middleware does
    if cookie is not None:
        made.COOKIES["consent-receipt"] = cookie
    if gpc:
        made.META["HTTP_SEC_GPC"] = "1"
    return made


def test_the_cookie_tells_what_was_chosen_until_six_months_have_passed() -> None:
    cookie = choices.signed(MADE)
    assert consent.choice(request(cookie)) == MADE
    end = NOW + timedelta(days=182)
    assert consent.choice(request(cookie, now=end - timedelta(seconds=1))) == MADE
    assert consent.choice(request(cookie, now=end)) is None
    assert consent.choice(request()) is None


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "~",
        "1~~~~~",
        "true",
        "!k0youtube=true!k0x=true",
        "é~è",
        "1~zz~zz~zz~zz~" + "0" * 64,
        "9" * 5000,
    ],
)
def test_what_we_didnt_sign_counts_as_no_choice(spoilt: str) -> None:
    assert consent.choice(request(spoilt)) is None


def test_edited_by_hand_or_from_elsewhere_it_counts_as_no_choice() -> None:
    cookie = choices.signed(MADE)
    assert consent.choice(request(cookie.replace("youtube", "linkedin"))) is None
    refused = choices.signed(chosen(x=False))
    mixed = refused.rpartition("~")[0] + "~" + cookie.rpartition("~")[2]
    assert consent.choice(request(mixed)) is None
    with override_settings(SECRET_KEY="another installation's", SECRET_KEY_FALLBACKS=[]):
        assert consent.choice(request(cookie)) is None
    with override_settings(SECRET_KEY="renewed", SECRET_KEY_FALLBACKS=[_key()]):
        assert consent.choice(request(cookie)) == MADE, "a former secret still counts"


def _key() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


def test_a_signal_refuses_what_nobody_chose() -> None:
    signalled = consent.choice(request(gpc=True))
    assert signalled is not None
    assert signalled.by_signal
    assert (set(signalled.accepted), set(signalled.refused)) == (set(), {"x", "youtube"})
    clear = consent.choice(request(choices.signed(MADE), gpc=True))
    assert clear is not None
    assert clear.accepted == {"youtube"}, "a clear act weighs more"
    only_x = consent.choice(request(choices.signed(chosen(x=True)), gpc=True))
    assert only_x is not None
    assert (set(only_x.accepted), set(only_x.refused)) == ({"x"}, {"youtube"}), (
        "what wasn't asked yet is refused"
    )


def test_a_new_service_host_or_provider_is_asked_for_again_and_that_alone(tmp_path: Path) -> None:
    cookie = choices.signed(MADE)
    changes: list[dict[str, dict[str, object]]] = [
        {"youtube": {"browser": {**VIDEOS, "frame": ["elsewhere.example"]}}},
        {"youtube": {"name": {"fr": "Autre SA", "en": "Other SA"}}},
    ]
    for place, changed in enumerate(changes):
        folder = tmp_path / str(place)
        folder.mkdir()
        with club(redeclared(folder, **changed)):
            found = consent.choice(request(cookie))
            assert found is not None
            assert (set(found.accepted), set(found.refused)) == (set(), {"x"})
            assert [one.id for one in found.pending(choices.offered())] == ["youtube"]
    only_x = choices.signed(chosen(x=False))
    found = consent.choice(request(only_x))
    assert found is not None
    assert [one.id for one in found.pending(choices.offered())] == ["youtube"]


def test_an_answer_to_one_service_renews_no_other() -> None:
    month = timedelta(days=30)
    later = MADE.then({"x": True}, receipt=uuid7(NOW), now=NOW + month)
    end = NOW + timedelta(days=182)
    cookie = choices.signed(later)
    before = consent.choice(request(cookie, now=end - timedelta(seconds=1)))
    assert before is not None
    assert before.accepted == {"x", "youtube"}
    after = consent.choice(request(cookie, now=end))
    assert after is not None
    assert after.accepted == {"x"}
    assert [one.id for one in after.pending(choices.offered())] == ["youtube"]
    assert consent.choice(request(cookie, now=end + month)) is None
