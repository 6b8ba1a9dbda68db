"""Errors, as people meet them. No test here may touch the database: nor may the pages."""

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.views import defaults
from django.views.csrf import csrf_failure

CODES = ["400", "403", "403_csrf", "404", "410", "429", "500", "503", "503_restoring"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", CODES)
def test_an_error_says_what_happened_and_what_to_do(code: str, language: str) -> None:
    with translation.override(language):
        page = render_to_string(f"{code}.html")
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1
    assert f" {code[:3]}</p>" in page
    assert 'class="btn btn-primary"' in page
    assert 'name="robots" content="noindex"' in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_that_does_not_exist(client: Client, language: str) -> None:
    response = client.get(f"/{language}/no-such-page/")
    assert response.status_code == 404
    assert f'<html lang="{language}">' in response.text
    assert "no-such-page" not in response.text.replace(f'href="/{language}/no-such-page/"', "")


def test_djangos_own_handlers_use_these_pages(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/en/x/")
    with translation.override("en"):
        assert "not even in part" in defaults.server_error(request).content.decode()
        assert "could not be read" in defaults.bad_request(request, Exception()).content.decode()
        assert "not open to your account" in defaults.permission_denied(request, Exception()).content.decode()
        refused = csrf_failure(request)
    assert refused.status_code == 403
    assert "another site could otherwise act in your name" in refused.content.decode()
