"""What no browser sends: an answer below 500, and nobody's data in the journal."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.test import Client

from seqlense.privacy.keystore.errors import EpochKeyMissing
from seqlense.project.journal import ImpersonalFormatter, WithoutAddresses
from tests.robust.walking import Place, Scene, scene

pytestmark = pytest.mark.django_db
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "QUERY")
BODIES = [
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nalice'),
    ("multipart/form-data", b"--x--"),
    ("multipart/form-data; boundary=" + "y" * 300, b"--y--"),
    ("application/x-www-form-urlencoded", b"email=%ED%A0%80&name=%FF%00&" + b"&".join([b"a=1"] * 600)),
    ("application/x-www-form-urlencoded; charset=utf-7", b"email=+AGE-"),
    ("application/x-www-form-urlencoded", b"name=" + b"x" * (1024 * 1024 + 1)),
    ("application/json", b'{"email": "alice@arnaud.example"}'),
]
PATHS = [
    "/static/../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%5c..%5cwin.ini",
    "/%00",
    "/fr/%00/",
    "/fr/link/%00/",
    "/fr/link/" + "A" * 86 + "/",
    "/fr/link/" + "é" * 30 + "/",
    "/en/invitation/%F0%9F%98%80/",
    "/en/invitation/" + "A" * 9000 + "/",
    "/fr/" + "x" * 20_000,
    "/fr/organisations/00000000-0000-0000-0000-000000000000/",
    "//evil.example/fr/",
    "/fr/sign-in/?next=//evil.example&next=%00&page=%00",
    "/de/",
]
COOKIES = ["\0", "x" * 4000, "é", "../../etc/passwd", "a" * 32, '"; secure', "session=1"]
PARAMETERS = ("next", "page", "name", "before", "after", "who", "since", "subject", "wanted")
SECRET = "tqzvwxk"
NAMES = ("arnaud", "alice", "bauer", "çelik", "dubois", "petit", "ortega", "vera@", "evil.example")
FORMS = ("/fr/sign-up/", "/fr/sign-in/", "/en/settings/name/", "/en/organisations/new/")
HOSTS = ("evil.example", "alice@arnaud.example", "a" * 300, "[::1", "localhost, evil.example")


@pytest.fixture
def journal() -> Iterator[io.StringIO]:
    """What the product's journal would hold."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ImpersonalFormatter())
    handler.addFilter(WithoutAddresses())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def made() -> Scene:
    return scene()


def _by_method(made: Scene) -> Iterator[tuple[str, int]]:
    for place in [*made.places("fr"), *(Place("odd", path) for path in PATHS)]:
        staff = place.name.startswith("console:")
        for browser in [made.browsers[name] for name in (["odile"] if staff else ["alice", "anonymous"])]:
            browser.raise_request_exception = False
            for method in METHODS:
                yield f"{method} {place.address[:80]}", browser.generic(method, place.address).status_code


def _by_parameter(made: Scene) -> Iterator[tuple[str, int]]:
    for place in made.places("en"):
        odd = dict.fromkeys(PARAMETERS, f"\x00{SECRET}")
        browser = made.browsers["odile" if place.name.startswith("console:") else "alice"]
        browser.raise_request_exception = False
        yield f"GET {place.name}", browser.get(place.address, odd).status_code


def _by_body(made: Scene) -> Iterator[tuple[str, int]]:
    for kind, body in BODIES:
        for address in FORMS:
            answer = made.browsers["alice"].generic("POST", address, body, content_type=kind)
            yield f"POST {address} {kind}", answer.status_code


def _by_cookie(made: Scene) -> Iterator[tuple[str, int]]:
    for cookie in COOKIES:
        browser = Client(raise_request_exception=False)
        for name in ("session", "csrf", "known-device"):
            browser.cookies[name] = cookie
        for address in ("/fr/home/", "/fr/sign-in/"):
            yield f"{address} {cookie[:20]!r}", browser.get(address).status_code


def _comes_later(asked: str, status: int) -> bool:
    """A proof of what the log has not sealed yet: no worker runs here."""
    return status == 503 and asked.endswith(("proof/", "_proof"))


def test_nothing_odd_fails_and_nobody_is_named_in_the_journal(made: Scene, journal: io.StringIO) -> None:
    asked = [one for ask in (_by_method, _by_parameter, _by_body, _by_cookie) for one in ask(made)]
    assert [one for one in asked if one[1] >= 500 and not _comes_later(*one)] == []
    assert len(asked) > 500
    for host in HOSTS:
        answer = Client().get("/fr/", headers={"host": host})
        assert answer.status_code == 400
        assert 'lang="fr"' in answer.text
    _names_nobody(journal, made)
    assert "Traceback" not in journal.getvalue()


def _names_nobody(journal: io.StringIO, made: Scene) -> None:
    written = journal.getvalue().lower()
    people = (
        "arnaud",
        "alice",
        "bauer",
        "çelik",
        "dubois",
        "petit",
        "ortega",
        "vera@",
        SECRET,
        "evil.example",
    )
    assert [one for one in people if one in written] == []
    for place in made.given.values():
        assert str(place.get("token", "no token")).lower() not in written


def test_a_forged_or_missing_token_of_a_form_is_refused(made: Scene, journal: io.StringIO) -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies = made.browsers["alice"].cookies
    for language, words in (("fr", "agir en votre nom"), ("en", "act in your name")):
        for token in ("", "x" * 64, "x" * 100_000, "\0"):
            sent = {"name-name": SECRET, "csrfmiddlewaretoken": token}
            answer = browser.post(f"/{language}/settings/name/", sent)
            assert answer.status_code == 403
            assert f'<html lang="{language}">' in answer.text
            assert words in answer.text
    _names_nobody(journal, made)


@pytest.mark.parametrize(
    "error", [OperationalError("server closed alice@arnaud.example"), EpochKeyMissing("alice@arnaud.example")]
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_outage_within_a_page_is_told_as_one(
    made: Scene, journal: io.StringIO, monkeypatch: pytest.MonkeyPatch, error: Exception, language: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    token = str(made.given["site:mail_link"]["token"])
    monkeypatch.setattr("seqlense.site.account.mail_links.links.read", fail)
    browser = Client(raise_request_exception=False)
    answer = browser.get(f"/{language}/link/{token}/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert f'<html lang="{language}">' in answer.text
    assert "503 in site:mail_link" in journal.getvalue()
    assert token not in journal.getvalue()
    _names_nobody(journal, made)


def test_a_fault_of_ours_is_none_of_the_database(made: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlense.site.account.mail_links.links.read", lambda *_, **__: 1 / 0)
    answer = Client(raise_request_exception=False).get("/en/link/x/")
    assert answer.status_code == 500
    assert "Something failed on our side" in answer.text
