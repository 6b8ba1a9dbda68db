"""Days as people of a language say them, where there is no page: in messages and in choices."""

from datetime import date

from django.utils import translation
from django.utils.dateformat import format as dated


def day(value: date, language: str) -> str:
    """`14 March 2027`, `14 mars 2027`; the first of a month is `1er` in French."""
    with translation.override(language):
        words = dated(value, "j F Y")
    return f"1er{words[1:]}" if value.day == 1 and language == "fr" else words
