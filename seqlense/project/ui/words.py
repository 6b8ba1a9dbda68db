"""Dates, sizes and names as people of the page's language say them."""

from datetime import date, datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_currency_name
from babel.units import format_unit
from django.utils.translation import get_language

from seqlense.kit.periods import Period

SIZES = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse({"en": "en_GB", "fr": "fr_FR"}.get(language, language), sep="_")


def locale() -> Locale:
    return _locale((get_language() or "fr").partition("-")[0])


def day(value: date) -> str:
    """`14 March 2027`, `14 mars 2027`; the first of a month is `1er` in French."""
    words = format_date(value, "d MMMM y", locale=locale())
    return f"1er{words[1:]}" if value.day == 1 and locale().language == "fr" else words


def moment(value: datetime) -> str:
    """`14 March 2027 at 16:05`, `14 mars 2027 à 16 h 05`, of a value brought to the viewer's zone."""
    if locale().language == "fr":
        return f"{day(value)} à {value.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{value.minute:02d}"
    return f"{day(value)} at {format_time(value, 'HH:mm', locale=locale())}"


def number(value: float) -> str:
    return format_decimal(value, locale=locale())


def percent(value: float) -> str:
    return format_percent(value, locale=locale())


def size(octets: int) -> str:
    """`1.2 MB`, `1,2 Mo`; thousands as the industry's labels count them (1 kB = 1,000 bytes)."""
    value, unit = float(octets), 0
    while value >= 1000 and unit < len(SIZES) - 1:
        value, unit = value / 1000, unit + 1
    shown = round(value, 1 if unit and value < 100 else 0)
    return format_unit(shown, f"digital-{SIZES[unit]}", length="short" if unit else "long", locale=locale())


def period(value: "Period | str") -> str:
    """`3 months`, `10 years and 6 months`, from a period or its ISO 8601 form."""
    length = value if isinstance(value, Period) else Period.parse(value)
    years, months = divmod(length.months, 12)
    seconds = length.rest.seconds
    counted = {
        "year": years,
        "month": months,
        "day": length.rest.days,
        "hour": seconds // 3600,
        "minute": seconds % 3600 // 60,
        "second": seconds % 60,
    }
    parts = [
        format_unit(amount, f"duration-{unit}", length="long", locale=locale())
        for unit, amount in counted.items()
        if amount
    ]
    return format_list(
        parts or [format_unit(0, "duration-day", length="long", locale=locale())], locale=locale()
    )


def country(code: str) -> str:
    """`France` for `FR`; a code nobody knows is shown as it is."""
    return str(locale().territories.get(code.upper(), code))


def language(code: str) -> str:
    """The language's name in itself, as its speakers look for it: `Français`, `English`."""
    try:
        name = Locale.parse(code, sep="-").display_name or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def currency(code: str) -> str:
    name = get_currency_name(code, locale=locale())
    return f"{name[:1].upper()}{name[1:]} ({code})"
