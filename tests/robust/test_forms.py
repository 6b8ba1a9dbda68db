"""Awkward text in every field of every form: an answer beside the field, nothing lost, never a failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy

import pytest
from django.db import connections, transaction
from django.http import HttpResponseBase
from django.test import Client

from tests.robust.walking import TYPED, Form, Place, Scene, forms_of, scene

pytestmark = pytest.mark.django_db
AWKWARD = {
    "nothing": "",
    "spaces": " \u00a0\u3000 ",
    "huge": "x" * 100_000,
    "long": "é" * 700,
    "stacked": "a" + "\u0301" * 3000,
    "nul": "Ali\0ce",
    "override": "\u202eecilA",
    "right to left": "אליס كريم",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "markup": "<b onclick=x>'\"{{ 7|add:1 }}</b>",
    "header": "Alice\r\nBcc: eve@ailleurs.example",
    "number": "99999999999999999999999999",
    "address": "ALICE+Tag@EXÄMPLE.example",
}
EXPECTED = {
    "site:sign_up email",
    "site:sign_in email",
    "site:mail_link name",
    "site:settings name-name",
    "site:email email",
    "site:passkey_add name",
    "site:organisation_new name",
    "site:organisation_settings name",
    "site:organisation_invitations addresses",
    "console:accounts wanted",
}
TYPED_FIRST = {(kind, "fr") for kind in TYPED - {"hidden"}}
KNOWN = {200, 302, 400, 403, 404, 409, 410, 413, 422, 429}


@contextmanager
def _taken_back(browser: Client) -> Iterator[None]:
    cookies = copy(browser.cookies)
    with transaction.atomic(), transaction.atomic(using="keys"):
        yield
        browser.cookies = cookies
        for alias in ("default", "keys"):
            connections[alias].set_rollback(True)


def _plain(text: str) -> str:
    return text.strip().replace("\r\n", "\n").replace("\0", "")


NOT_TYPED = {"csrfmiddlewaretoken", "website"}
"""Fields that no person fills in: the second one is there for programs to give themselves away."""


def _wrong(answer: HttpResponseBase, form: Form, name: str, typed: str) -> str:
    """What is wrong with an answer, or nothing."""
    if answer.status_code not in KNOWN:
        return f"status {answer.status_code}"
    if answer.status_code not in (200, 422):
        return ""
    if not answer.headers["Content-Type"].startswith("text/html"):
        return ""
    page = answer.content.decode()  # type: ignore[attr-defined]  # no stream has this status
    if "<b onclick" in page:
        return "markup went through"
    if answer.status_code == 200 or form.typed[name] in ("hidden", "password"):
        return ""
    if "field-wrong" not in page and 'role="alert"' not in page:
        return "no error is shown"
    kept = [one.values[name] for one in forms_of(page) if name in one.typed]
    if not any(_plain(typed) in _plain(one) for one in kept):
        return "what was typed is lost"
    return ""


def _attempts(made: Scene, language: str) -> Iterator[tuple[Place, Client, Form, str]]:
    for place in made.places(language):
        shown = made.shown(place)
        if shown is not None:
            browser, page = shown
            for form in forms_of(page):
                for name in sorted(form.typed):
                    yield place, browser, form, name


def _values(kind: str, language: str) -> list[tuple[str, str]]:
    """All of them for what people type, once; those that break programs for what they don't."""
    breaking = ("nul", "number", "huge") if kind == "hidden" else ("override",)
    if (kind, language) in TYPED_FIRST:
        return list(AWKWARD.items())
    return [(what, AWKWARD[what]) for what in breaking]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_form_fails_or_loses_what_was_typed(language: str) -> None:
    tried, wrong = set(), []
    for place, browser, form, name in _attempts(scene(), language):
        if name in NOT_TYPED:
            continue
        tried.add(f"{place.name} {name}")
        browser.raise_request_exception = False
        send = browser.get if form.method == "get" else browser.post
        for what, typed in _values(form.typed[name], language):
            with _taken_back(browser):
                answer = send(form.action or place.address, {**form.values, name: typed})
            if found := _wrong(answer, form, name, typed):
                wrong.append(f"{place.name} {form.action} {name}, {what}: {found}")
    assert wrong == [], "\n".join(wrong)
    assert tried >= EXPECTED, sorted(tried)
