"""A page seen: read from what a browser says of it, and stripped of all that could tell one visitor from
another before anything counts it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel import Locale
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

SCREENS: Final = ("small", "medium", "large", "wide")
OTHER: Final = "other"
DIRECT: Final = ""
"""Source of a visit that no other site led to, or none that says so."""
DOMAIN: Final = re.compile(
    r"(?=.{4,100}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
LANGUAGE: Final = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?(?![A-Za-z])")
ROBOTS: Final = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|archiver|facebookexternalhit|preview|lighthouse|headless|monitor|uptime|"
    r"curl|wget|python-|java/|go-http|libwww|httpclient|scrapy|phantom",
    re.IGNORECASE,
)
LONGEST_PATH: Final = 2000


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One page seen. No field holds more than many share.

    page, before: routes without identifiers ("/organisations/…/"); before is None where a visit begins.
    source: domain of the site that led here, for a visit that begins. language: "fr". country: of the
    language that the browser asks for, "FR", or "". screen: one of SCREENS, or OTHER.
    session: digest by which a signed-in person's objection is found; it never leaves memory.
    """

    page: str
    before: str | None
    source: str
    language: str
    country: str
    screen: str
    session: bytes | None = None

    @property
    def begins(self) -> bool:
        """Whether a visit begins with it: the page before was not one of ours."""
        return self.before is None


def is_robot(agent: str) -> bool:
    """Whether a program says of itself that it is one; what says nothing is one too. The name is not kept."""
    return not agent or ROBOTS.search(agent) is not None


@lru_cache(maxsize=2048)
def route(path: str) -> str | None:
    """A page's address without language and without anything typed or drawn by lot; None if no page of the
    site has it.
    """
    language = get_language_from_path(path)
    if language is None or len(path) > LONGEST_PATH:
        return None
    try:
        with override(language):
            found = resolve(path)
    except Resolver404:
        return None
    if found.namespace != "site":
        return None
    pattern = re.sub(r"<[^>]*>", "…", found.route)
    return f"/{pattern.removeprefix(f'{language}/')}"


def domain(text: str) -> str:
    """A referring site's name, or DIRECT where it is none."""
    name = text.strip().lower().rstrip(".").removeprefix("www.")
    return name if DOMAIN.fullmatch(name) else DIRECT


@lru_cache(maxsize=512)
def tongue(accepted: str) -> tuple[str, str]:
    """(language, country) of the language that a browser wants most, as Accept-Language says."""
    found = LANGUAGE.match(accepted[:40])
    if found is None:
        return OTHER, ""
    language, country = found[1].lower(), (found[2] or "").upper()
    names = Locale("en")
    return language if language in names.languages else OTHER, country if country in names.territories else ""
