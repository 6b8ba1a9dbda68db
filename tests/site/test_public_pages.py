"""Pages that anyone may read, in both languages."""

import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from seqlense.privacy import running
from seqlense.privacy.models import RegisterVersion

LANGUAGES = ["fr", "en"]
ALONE = ["front", "contact"]
DRAWN = ["legal_notice", "privacy_policy", "cookie_policy"]


def address(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(f"site:{name}")


SCRIPT = re.compile(r"""<script(?! type="application/json")(?: src="([^"]*)")?""")
"""Its address, "" for one written into the page."""


def page(client: Client, name: str, language: str) -> str:
    response = client.get(address(name, language))
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    assert not response.cookies
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    return response.text


def check(text: str, name: str, language: str) -> None:
    assert f'<html lang="{language}">' in text
    assert text.count("<h1>") == 1
    assert all(one.startswith("/static/built/") for one in SCRIPT.findall(text))
    for other in LANGUAGES:
        assert f'hreflang="{other}" href="http' in text
        assert address(name, other) in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALONE)
def test_a_page_opens_without_database_or_cookie(client: Client, name: str, language: str) -> None:
    check(page(client, name, language), name, language)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DRAWN)
def test_a_notice_is_drawn_from_the_running_register(client: Client, name: str, language: str) -> None:
    text = page(client, name, language)
    check(text, name, language)
    assert running.register().version[:12] in text
    assert '<section class="document-part' in text
    assert text.count("<section") == text.count("</section>")


@pytest.mark.django_db
def test_a_notice_is_dated_from_the_day_its_version_runs(client: Client) -> None:
    started = datetime(2026, 3, 1, 9, tzinfo=UTC)
    version = running.register().version
    RegisterVersion.objects.update_or_create(version=version, defaults={"running_since": started})
    assert '<time datetime="2026-03-01">1er mars 2026</time>' in page(client, "privacy_policy", "fr")


def test_a_notice_shows_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def only(self, *_: Any) -> "Away":
            raise OperationalError

    monkeypatch.setattr(RegisterVersion, "objects", Away())
    assert "the one running now" in page(client, "privacy_policy", "en")


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_says_what_the_register_says(client: Client, language: str) -> None:
    text = page(client, "privacy_policy", language)
    for activity in running.register().active:
        assert f'id="activity-{activity.id}"' in text
        for warning in activity.attention:
            told = warning.in_(language).split("'")[0].split("’")[0].split('"')[0]
            assert told[1:] in text
    assert 'class="notice notice-warning"' in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_contacts_are_the_controllers(client: Client, language: str) -> None:
    text = page(client, "contact", language)
    controller = running.register().controller
    for said in (controller.contact, controller.data_protection_contact, *controller.address):
        assert said in text
    assert controller.authority.complaints in text


def test_the_front_page_shows_a_datum_from_its_declaration_to_its_end(client: Client) -> None:
    text = page(client, "front", "en")
    item = running.register().item("accounts.email")
    assert item.label.en in text
    assert "The account is closed" in text
    assert all(activity.title.en in text for activity in running.register().active)


def test_the_root_leads_to_the_readers_language(client: Client) -> None:
    for wish, found in (("en-GB,en;q=0.9", "/en/"), ("fr", "/fr/"), ("ja", "/fr/")):
        response = client.get("/", headers={"accept-language": wish})
        assert response.status_code == 302
        assert response.headers["Location"] == found


def test_files_for_machines(client: Client) -> None:
    robots = client.get("/robots.txt").text
    assert "Disallow: /fr/console/" in robots
    sitemap = ET.fromstring(client.get("/sitemap.xml").text)  # noqa: S314  (our own answer)
    assert len(sitemap) == len(LANGUAGES) * len(ALONE + DRAWN)
    security = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())
    assert security["Contact"] == f"mailto:{running.register().controller.contact}"
    assert datetime.fromisoformat(security["Expires"]) > datetime.now(UTC)
    assert client.get("/favicon.ico").headers["Location"].endswith(".svg")
