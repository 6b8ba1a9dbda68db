"""Each version of what is shown is kept, with pictures; one without is an alarm."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from seqlense.privacy import alarms
from seqlense.privacy.consent import displays, pictures
from seqlense.privacy.consent.alarms import PATIENCE
from seqlense.privacy.consent.models import Display, Picture
from tests.privacy.consent.club import NOW, club

pytestmark = pytest.mark.django_db
BROWSER = """#!/bin/sh
for argument; do
  case "$argument" in
    --screenshot=*) printf '\\211PNG\\r\\n%s' "$*" > "${argument#--screenshot=}" ;;
    --dump-dom) cat "$(dirname "$0")/page" ;;
  esac
done
"""


@pytest.fixture(autouse=True)
def _club() -> Iterator[None]:
    displays.forget()
    with club():
        yield


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that shows one page; the page."""
    program = tmp_path / "browser"
    program.write_text(BROWSER)
    program.chmod(0o700)
    monkeypatch.setenv(pictures.BROWSER, str(program))
    page = tmp_path / "page"
    page.write_text(" ".join(displays.current(one).hash for one in ("fr", "en")))
    return page


def raised(*, now: datetime = NOW + PATIENCE) -> set[str]:
    return {one.code for one in alarms.all(now) if one.code.startswith("consent.")}


def test_a_version_is_kept_once_with_its_texts_and_another_text_is_another_version(settings: Any) -> None:
    first = displays.shown("fr", now=NOW)
    assert displays.shown("fr", now=NOW) == first
    kept = Display.objects.get()
    assert (kept.pk, kept.language) == (first, "fr")
    assert kept.texts == dict(displays.current("fr").texts)
    assert displays.shown("en", now=NOW) != first
    settings.SEQLENSE_CONSENT_DISPLAY = "tests.site.test_choosing.other_parts"
    assert displays.shown("fr", now=NOW) not in (first, "")
    assert displays.was_shown(first, "fr")
    assert not displays.was_shown(first, "en")


def test_pictures_are_taken_light_and_dark_in_both_languages(site: Path) -> None:
    assert raised() == set(), "nothing was shown to anybody yet"
    displays.shown("fr", now=NOW)
    assert raised() == {"consent.no-picture"}
    assert raised(now=NOW + PATIENCE / 2) == set(), "the worker has an hour and more for it"
    assert pictures.are_due(now=NOW)
    taken = list(pictures.take("http://here.example/", now=NOW))
    assert {(one.language, one.theme) for one in taken} == {
        ("fr", "light"), ("fr", "dark"), ("en", "light"), ("en", "dark"),
    }  # fmt: skip
    dark = Picture.objects.get(display__language="en", theme="dark")
    assert b"http://here.example/en/" in bytes(dark.png)
    assert b"preferredColorScheme=0" in bytes(dark.png)
    assert raised() == set()
    assert not pictures.are_due(now=NOW)
    assert not list(pictures.take("http://here.example/", now=NOW))
    assert len(list(pictures.take("http://here.example/", now=NOW, again=True))) == 4


def test_a_site_that_shows_something_else_and_a_missing_browser_are_said(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write_text("another page")
    with pytest.raises(pictures.OtherVersion):
        list(pictures.take("http://here.example", now=NOW))
    monkeypatch.setenv(pictures.BROWSER, "/nowhere/browser")
    with pytest.raises(pictures.NoBrowser):
        list(pictures.take("http://here.example", now=NOW))
    assert not Picture.objects.exists()
