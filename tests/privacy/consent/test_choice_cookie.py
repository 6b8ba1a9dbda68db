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

MADE = choices.Choice(
    receipt=uuid7(NOW), made_at=NOW, accepted=frozenset({"youtube"}), refused=frozenset({"x"})
)


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
    refused = choices.signed(choices.Choice(receipt=uuid7(NOW), made_at=NOW, refused=frozenset({"x"})))
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
    assert (signalled.accepted, signalled.refused) == (frozenset(), frozenset({"x", "youtube"}))
    chosen = consent.choice(request(choices.signed(MADE), gpc=True))
    assert chosen is not None
    assert chosen.accepted == {"youtube"}, "a clear act weighs more"


def test_a_new_service_purpose_or_provider_is_asked_for_again_and_that_alone(tmp_path: Path) -> None:
    cookie = choices.signed(MADE)
    changes: list[dict[str, dict[str, object]]] = [
        {"youtube": {"consent_purpose": "other"}},
        {"youtube": {"name": {"fr": "Autre SA", "en": "Other SA"}}},
    ]
    for place, changed in enumerate(changes):
        folder = tmp_path / str(place)
        folder.mkdir()
        with club(redeclared(folder, **changed)):
            found = consent.choice(request(cookie))
            assert found is not None
            assert (found.accepted, found.refused) == (frozenset(), frozenset({"x"}))
            assert [one.id for one in found.pending(choices.offered())] == ["youtube"]
    only_x = choices.signed(choices.Choice(receipt=uuid7(NOW), made_at=NOW, refused=frozenset({"x"})))
    found = consent.choice(request(only_x))
    assert found is not None
    assert [one.id for one in found.pending(choices.offered())] == ["youtube"]
