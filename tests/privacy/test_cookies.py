"""Cookies: set as cookies.yaml declares them, or not at all."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import RequestFactory

from seqlense.kit.identifiers import uuid7
from seqlense.kit.periods import Period
from seqlense.privacy import alarms, cookies, running
from seqlense.privacy.checks.tracers import tracers
from seqlense.privacy.consent import choices
from seqlense.privacy.consent.choices import Answer, Choice
from seqlense.privacy.cookies import Undeclared, dropped
from seqlense.privacy.cookies.enforcing import at_most, enforced
from seqlense.privacy.cookies.models import DroppedCookie
from seqlense.register import Register
from tests.privacy.consent.test_outside import RUNNING, films
from tests.register import samples

NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
GUARDING = {**samples.COOKIES[0], "exemption": "security"}
SAMPLE: list[dict[str, Any]] = [
    *samples.COOKIES,
    {**GUARDING, "name": "basket", "readable": True, "same_site": "strict", "path": "/shop/"},
    {**GUARDING, "name": "theirs", "prefixed": False},
    {**GUARDING, "name": "drawer", "kind": "local_storage"},
]
LIKED = {**samples.COOKIES[1], "name": "liked", "activity": "orders", "lifetime": "P13M"}
CHOSEN = {**samples.COOKIES[0], "name": "consent-receipt", "exemption": "consent_choice"}
type Setting = Callable[[HttpResponse], object]


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> Register:
    """The sample register runs, with some cookies more."""
    register = samples.register(samples.path("cookies", to=SAMPLE))
    monkeypatch.setattr(running, "register", cache(lambda: register))
    return register


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    yield
    dropped._written.clear()
    dropped._waiting.clear()


def _signed(**answers: bool) -> str:
    """The cookie of a visitor who chose so."""
    said = {name: Answer(yes=yes, at=NOW) for name, yes in answers.items()}
    return choices.signed(Choice(answers=said, made_at=NOW, receipt=uuid7(NOW)))


def _like(now: datetime) -> Setting:
    return lambda response: cookies.put(response, "liked", "1", now=now)


def _answer(
    setting: Setting, kept: Mapping[str, str] = MappingProxyType({}), *, now: datetime = NOW
) -> HttpResponse:
    def page(_request: object) -> HttpResponse:
        response = HttpResponse("page")
        setting(response)
        return response

    request = RequestFactory().get("/")
    request.COOKIES.update(kept)
    request.now = now  # type: ignore[attr-defined]  # as the middleware does
    answer = enforced(page)(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize(
    ("secure", "name", "wire"),
    [
        (False, "visits", "visits=1; HttpOnly; Max-Age=34128000; Path=/; SameSite=Lax"),
        (True, "session", "__Host-session=1; HttpOnly; Path=/; SameSite=Lax; Secure"),
        (True, "basket", "__Secure-basket=1; Path=/shop/; SameSite=Strict; Secure"),
        (True, "theirs", "theirs=1; HttpOnly; Path=/; SameSite=Lax; Secure"),
    ],
)
def test_the_declaration_says_everything_but_the_value(
    settings: LazySettings, secure: bool, name: str, wire: str
) -> None:
    settings.SESSION_COOKIE_SECURE = secure
    response = _answer(lambda response: cookies.put(response, name, "1", now=NOW))
    [(key, morsel)] = response.cookies.items()
    sent = morsel.OutputString().split("; ")
    assert sorted(one for one in sent if not one.startswith("expires=")) == sorted(wire.split("; "))
    request = RequestFactory().get("/")
    request.COOKIES[key] = "1"
    assert cookies.read(request, name) == "1"
    gone = _answer(lambda response: cookies.drop(response, name)).cookies[key]
    assert (gone["max-age"], gone["path"], gone.value) == (0, morsel["path"], "")


def test_an_end_may_come_sooner_and_never_later() -> None:
    chosen = NOW - timedelta(days=100)
    response = HttpResponse()
    cookies.put(response, "choice", "1", now=NOW, until=Period(months=6).add_to(chosen))
    assert response.cookies["choice"]["max-age"] == (Period(months=6).add_to(chosen) - NOW).total_seconds()
    cookies.put(response, "choice", "1", now=NOW, until=NOW + timedelta(days=900))
    assert NOW + timedelta(seconds=int(response.cookies["choice"]["max-age"])) == cookies.ends(
        "choice", now=NOW
    )


def test_what_needs_consent_ends_thirteen_months_after_the_yes_at_most(
    declared: Register, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    asking = samples.register(
        samples.both(
            RUNNING, films, samples.path("cookies", to=[*SAMPLE, CHOSEN, {**LIKED, "set_by": "films"}])
        )
    )
    monkeypatch.setattr(running, "register", cache(lambda: asking))
    end = datetime(2027, 4, 30, 9, tzinfo=UTC)
    kept = {f"{prefix}consent-receipt": _signed(films=True) for prefix in ("", "__Host-")}
    for now in (NOW, NOW + timedelta(days=90)):  # set again, it isn't renewed
        response = _answer(_like(now), kept, now=now)
        assert response.cookies["liked"]["max-age"] == (end - now).total_seconds()
    assert response.cookies["liked"]["expires"] == "Fri, 30 Apr 2027 09:00:00 GMT"
    settings.SESSION_COOKIE_SECURE = True
    by_script = _answer(_like(NOW), kept)
    assert list(by_script.cookies) == ["liked"], (
        "a script writes no prefix, so it is found and deleted without"
    )
    settings.SESSION_COOKIE_SECURE = False
    late = NOW + timedelta(days=183)
    for nobody, now in (({}, NOW), ({"consent-receipt": _signed(films=False)}, NOW), (kept, late)):
        with pytest.raises(Undeclared, match="this visitor hasn't given"):
            _answer(_like(now), nobody, now=now)
        assert _answer(lambda response: cookies.drop(response, "liked"), nobody, now=now).cookies
    assert at_most(Period(months=13)) == 397 * 24 * 3600
    too_long = samples.register(samples.path("cookies", 1, "lifetime", to="P14M"))
    assert "privacy.E027" in [one.id for one in tracers(too_long)]
    assert "privacy.E027" not in [one.id for one in tracers(declared)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unheard", "isn't declared"),
        ("taste", "'tips', which isn't running"),
        ("drawer", "local_storage, not as a cookie"),
    ],
)
def test_a_name_that_is_not_in_use_is_refused(name: str, said: str) -> None:
    with pytest.raises(Undeclared, match=said):
        cookies.put(HttpResponse(), name, "secret", now=NOW)


def _set(name: str, **attributes: Any) -> Setting:
    """As code sets it that doesn't know the register."""
    right = {"httponly": True, "samesite": "Lax", "secure": False}
    return lambda response: response.set_cookie(name, "secret", **{**right, **attributes})


def _by_hand(response: HttpResponse) -> None:
    response.headers["Set-Cookie"] = "tracker=secret"


WRONG: dict[str, tuple[Setting, str]] = {
    "undeclared": (_set("tracker"), "tracker"),
    "of what doesn't run": (_set("taste", max_age=60), "taste"),
    "prefixed without need": (_set("__Host-session", secure=True), "__Host-session"),
    "readable by scripts": (_set("session", httponly=False), "session"),
    "from other sites": (_set("session", samesite="None"), "session"),
    "of no site": (_set("session", samesite=None), "session"),
    "secure on a plain site": (_set("session", secure=True), "session"),
    "of the whole domain": (_set("session", domain="example.com"), "session"),
    "of another path": (_set("session", path="/shop/"), "session"),
    "lasting, though declared to end": (_set("session", max_age=60), "session"),
    "lasting too long": (_set("visits", max_age=398 * 24 * 3600), "visits"),
    "lasting until a bare date": (_set("visits", expires="Fri, 30 Apr 2027 09:00:00 GMT"), "visits"),
    "by hand": (_by_hand, "tracker"),
    "removed undeclared": (lambda response: response.delete_cookie("tracker"), "tracker"),
    "removed elsewhere": (lambda response: response.delete_cookie("session", path="/shop/"), "session"),
}  # fmt: skip
RIGHT: dict[str, Setting] = {
    "as declared": _set("session"),
    "shorter than declared": _set("visits", max_age=60),
    "until the browser closes, though it might last": _set("visits"),
    "removed": lambda response: response.delete_cookie("session"),
    "removed once its activity ended": lambda response: response.delete_cookie("taste"),
}


@pytest.mark.parametrize("setting", RIGHT.values(), ids=RIGHT)
def test_what_is_as_declared_passes_whoever_sets_it(setting: Setting) -> None:
    assert len(_answer(setting).cookies) == 1


@pytest.mark.parametrize(("setting", "name"), WRONG.values(), ids=WRONG)
def test_anything_else_fails_while_developing(setting: Setting, name: str) -> None:
    with pytest.raises(Undeclared) as refused:
        _answer(setting)
    assert name in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize(("setting", "name"), WRONG.values(), ids=WRONG)
def test_in_production_it_is_dropped_with_an_alarm(
    setting: Setting, name: str, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SEQLENSE_STRICT_COOKIES = False

    def among_others(response: HttpResponse) -> None:
        cookies.put(response, "choice", "1", now=NOW)
        setting(response)

    answer = _answer(among_others)
    assert (answer.status_code, list(answer.cookies)) == (200, ["choice"])
    assert "Set-Cookie" not in answer.headers
    assert [one.about for one in alarms.all(NOW) if one.code == "cookies.dropped"] == [f"{name} × 1"]
    assert name in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.django_db
def test_a_cookie_at_every_page_is_counted_and_written_once_a_minute(
    settings: LazySettings, django_assert_num_queries: Any
) -> None:
    settings.SEQLENSE_STRICT_COOKIES = False
    for _ in range(12):
        _answer(_set("tracker"))
    assert DroppedCookie.objects.get().times == 1
    with django_assert_num_queries(0):
        _answer(_set("tracker"))
        _answer(_set("session"))
    dropped.note("tracker", now=NOW + timedelta(minutes=2))
    row = DroppedCookie.objects.get()
    assert (row.times, row.first_at) == (14, NOW)
    assert [one.about for one in dropped.alarms(NOW)] == ["tracker × 10+"]
    assert list(dropped.alarms(NOW + timedelta(days=8))) == []
    dropped.note("tracker", now=NOW + timedelta(days=30))
    assert DroppedCookie.objects.get().times == 1, "a new story"


@pytest.mark.django_db
def test_names_that_change_each_time_fill_no_table(settings: LazySettings) -> None:
    settings.SEQLENSE_STRICT_COOKIES = False
    for number in range(80):
        _answer(_set(f"tracker-{number}"))
    assert DroppedCookie.objects.count() == dropped.NAMES + 1
    assert DroppedCookie.objects.filter(cookie=dropped.OTHERS).exists()


@pytest.mark.parametrize(
    ("setting", "value", "identifier", "said"),
    [
        ("MIDDLEWARE", ["django.middleware.common.CommonMiddleware"], "E025", "past the register"),
        ("SESSION_COOKIE_NAME", "tracker", "E020", "'tracker' is not declared"),
        ("SESSION_COOKIE_NAME", "taste", "E020", "'taste' is not declared"),
        ("SESSION_COOKIE_NAME", "__Host-session", "E026", "SESSION_COOKIE_NAME is '__Host-session'"),
        ("SESSION_COOKIE_HTTPONLY", False, "E026", "SESSION_COOKIE_HTTPONLY is False"),
        ("SESSION_COOKIE_SAMESITE", "None", "E026", "SESSION_COOKIE_SAMESITE is 'none'"),
        ("SESSION_COOKIE_DOMAIN", "example.com", "E026", "SESSION_COOKIE_DOMAIN is 'example.com'"),
        ("SESSION_COOKIE_PATH", "/shop/", "E026", "SESSION_COOKIE_PATH is '/shop/'"),
        ("CSRF_COOKIE_SECURE", True, "E026", "CSRF_COOKIE_SECURE is True"),
        ("CSRF_COOKIE_AGE", 3600, "E026", "CSRF_COOKIE_AGE is 3600"),
        ("ROOT_URLCONF", "django.conf.urls.i18n", "E020", "'django_language' is not declared"),
    ],
)
def test_the_settings_of_django_say_what_the_register_says(
    setting: str, value: object, identifier: str, said: str, settings: LazySettings
) -> None:
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    settings.CSRF_COOKIE_NAME = "basket"
    settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_PATH = False, "/shop/"
    assert list(tracers(running.register())) == []
    setattr(settings, setting, value)
    found = list(tracers(running.register()))
    assert [one.id for one in found] == [f"privacy.{identifier}"]
    assert said in found[0].msg
    assert found[0].hint


def test_a_session_that_lasts_longer_than_declared_is_found(settings: LazySettings) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE[:1] + [
        one for one in settings.MIDDLEWARE if one.endswith("SessionMiddleware")
    ]
    [found] = tracers(running.register())
    assert found.id == "privacy.E026"
    assert "SESSION_COOKIE_AGE is 1209600" in found.msg
