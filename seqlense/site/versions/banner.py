"""Whether there is anything to tell whoever is signed in. One question to the database on most pages."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest
from django.utils.translation import get_language

from seqlense.accounts import doors
from seqlense.privacy.publishing import answering

CLEAR: Final = "notices"
"""In the session: number of the version up to which nothing concerns the person."""


@dataclass(frozen=True, kw_only=True)
class News:
    """One sentence for each use that changed. asks: whether a yes or no is needed."""

    number: int
    before: int
    lines: tuple[str, ...]
    effective_from: date
    asks: bool


def waiting(request: HttpRequest) -> News | None:
    """None for strangers and for those whom nothing concerns."""
    if not request.user.is_authenticated:
        return None
    subject, clear = doors.person(request).subject_id, request.session.get(CLEAR, 0)
    unread = answering.unread(subject, above=clear)
    found = answering.news_of(subject, unread) if unread else None
    if found is None:
        if unread:
            request.session[CLEAR] = unread[-1].number
        return None
    return News(
        number=found.number,
        before=found.before,
        lines=found.lines(language()),
        effective_from=found.effective_from,
        asks=bool(found.demands),
    )


def language() -> str:
    """Of the page: "fr" or "en"."""
    return "fr" if (get_language() or "fr").startswith("fr") else "en"
