"""What people type: kept as they meant it, without what deceives or breaks."""

import re
import unicodedata
from typing import Final

from seqlense.support.errors import TextRefused

LONGEST: Final = {"title": 150, "message": 10_000, "note": 10_000, "name": 120, "phone": 32}
LINKS: Final = 5
"""So many addresses of pages somebody unknown may send at once: help rarely needs more, advertising does."""
LINKS_OF_USERS: Final = 30
LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
PHONE: Final = re.compile(r"\+?[0-9][0-9 ().\-/]{4,30}")
UNSEEN: Final = frozenset({"Cf", "Zs", "Zl", "Zp", "Cn", "Mn", "Me", "Cc"})
BREAKS: Final = frozenset("\n\t")


def line(field: str, value: str) -> str:
    """One line; "" where nothing was typed. Raises TextRefused."""
    return _cleaned(field, " ".join(value.split()) if "\0" not in value else value, breaks=False)


def required_line(field: str, value: str) -> str:
    """One line that says something. Raises TextRefused."""
    return _saying(field, line(field, value))


def message(value: str, *, links: int) -> str:
    """Several lines that say something, with at most `links` addresses of pages. Raises TextRefused.

    Any script, emoji and direction of writing pass; only marks that turn the direction around don't.
    """
    text = _saying("message", _cleaned("message", re.sub(r"\r\n?", "\n", value), breaks=True))
    if len(LINK.findall(text)) > links:
        raise TextRefused("support.message.links")
    return text


def note(value: str) -> str:
    """Several lines among staff that say something. Raises TextRefused."""
    return _saying("note", _cleaned("note", re.sub(r"\r\n?", "\n", value), breaks=True))


def phone(value: str) -> str:
    """A number to call back, as typed; "" where none was. Raises TextRefused."""
    number = line("phone", value)
    if number and not PHONE.fullmatch(number):
        raise TextRefused("support.phone.malformed")
    return number


def _cleaned(field: str, value: str, *, breaks: bool) -> str:
    longest = LONGEST[field]
    if len(value) > 4 * longest + 64:
        raise TextRefused(f"support.{field}.long")
    text = unicodedata.normalize("NFC", value).strip()
    for one in text:
        if unicodedata.category(one) in ("Cc", "Cs") and not (breaks and one in BREAKS):
            raise TextRefused(f"support.{field}.control")
    if not OVERRIDES.isdisjoint(text):
        raise TextRefused(f"support.{field}.direction")
    if len(text) > longest:
        raise TextRefused(f"support.{field}.long")
    return text


def _saying(field: str, text: str) -> str:
    if not {unicodedata.category(one) for one in text} - UNSEEN:
        raise TextRefused(f"support.{field}.empty")
    return text
