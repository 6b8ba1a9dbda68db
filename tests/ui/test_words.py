"""Dates, sizes and names, as a reader of each language expects them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone, translation

from seqlense.kit.periods import Period
from seqlense.project.ui import words

MOMENT = datetime(2027, 3, 1, 15, 5, tzinfo=UTC)


def shown(template: str, language: str, **context: object) -> str:
    with translation.override(language):
        return engines["django"].from_string(template).render(context)


@pytest.mark.parametrize(
    ("language", "first", "fourteenth"),
    [("fr", "1er mars 2027", "14 mars 2027"), ("en", "1 March 2027", "14 March 2027")],
)
def test_days_are_said_as_people_say_them(language: str, first: str, fourteenth: str) -> None:
    assert (
        shown("{{ day|day }}", language, day=date(2027, 3, 1))
        == f'<time datetime="2027-03-01">{first}</time>'
    )
    assert fourteenth in shown("{{ day|day }}", language, day=date(2027, 3, 14))
    assert shown("{{ day|day }}", language, day=None) == ""


def test_moments_are_told_in_the_viewers_zone() -> None:
    with timezone.override(ZoneInfo("Europe/Paris")):
        assert "1er mars 2027 à 16\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05" in shown(
            "{{ at|moment }}", "fr", at=MOMENT
        )
        assert 'datetime="2027-03-01T16:05:00+01:00"' in shown("{{ at|moment }}", "fr", at=MOMENT)
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert "2 March 2027 at 04:05" in shown("{{ at|moment }}", "en", at=MOMENT)
        assert "2 March 2027" in shown("{{ at|day }}", "en", at=MOMENT)


@pytest.mark.parametrize(
    ("period", "fr", "en"),
    [
        ("P6Y", "6 ans", "6 years"),
        ("P18M", "1 an et 6 mois", "1 year and 6 months"),
        ("P7D", "7 jours", "7 days"),
        ("PT72H", "3 jours", "3 days"),
        ("P0D", "0 jour", "0 days"),
    ],
)
def test_periods_are_said_in_words(period: str, fr: str, en: str) -> None:
    with translation.override("fr"):
        assert words.period(period).replace("\u00a0", " ") == fr
    with translation.override("en"):
        assert words.period(Period.parse(period)) == en


def test_sizes_count_in_thousands() -> None:
    with translation.override("fr"):
        assert words.size(1_234_567).replace("\u00a0", " ").replace("\u202f", " ") == "1,2 Mo"
    with translation.override("en"):
        assert words.size(1_234_567) == "1.2 MB"
        assert words.size(12) == "12 bytes"


def test_names_of_countries_languages_and_currencies() -> None:
    with translation.override("fr"):
        assert words.country("DE") == "Allemagne"
        assert words.country("XQ") == "XQ"
        assert words.language("en") == "English"
        assert words.currency("EUR") == "Euro (EUR)"
