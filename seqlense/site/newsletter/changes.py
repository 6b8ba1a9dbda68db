"""What changed in the use of a reader's data: read and answered by a message's link."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from seqlense.accounts.models import account_of
from seqlense.audience.newsletter.errors import NotSubscribed
from seqlense.privacy.actor import Actor
from seqlense.privacy.publishing import answering
from seqlense.privacy.publishing.answering import News
from seqlense.privacy.publishing.errors import PublishingError
from seqlense.privacy.publishing.weighing import Demand
from seqlense.site.versions.banner import language

ANSWERS: Final = {"change-yes": True, "change-no": False}


def pending(subject: UUID) -> News | None:
    """None for who has an account: they read and answer signed in."""
    account = account_of(subject)
    return None if account is not None and account.is_active else answering.pending(subject)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """News in the page's language. asked: each use that waits for a yes or no, with its title and the law."""

    number: int
    before: int
    effective_from: date
    lines: tuple[str, ...]
    said: tuple[str, ...]
    asked: tuple[tuple[Demand, str, str], ...]


def shown(subject: UUID) -> Shown | None:
    """What that person is told on the page that a message leads to."""
    news, spoken = pending(subject), language()
    if news is None:
        return None
    return Shown(
        number=news.number,
        before=news.before,
        effective_from=news.effective_from,
        lines=news.lines(spoken),
        said=tuple(said for one in news.versions if (said := one.said(spoken))),
        asked=tuple(
            (
                one,
                answering.title_of(news.versions[-1].difference, one.activity, spoken),
                one.article.in_(spoken),
            )
            for one in news.demands
        ),
    )


def read(request: HttpRequest, subject: UUID, now: datetime) -> str:
    """The person has read it. Raises NotSubscribed where nothing waits, or a yes or no must come first."""
    try:
        answering.put_away(
            subject, _number(request, subject), language=language(), actor=Actor.person(subject), now=now
        )
    except PublishingError:
        raise NotSubscribed from None
    return _("Noted: you have read what changed.")


def answer(request: HttpRequest, subject: UUID, now: datetime) -> str:
    """Yes or no to one change. Raises NotSubscribed where nobody asks it (any more)."""
    accepted = ANSWERS[request.POST["act"]]
    try:
        answering.answer(
            subject,
            _number(request, subject),
            request.POST.get("activity", ""),
            accepted=accepted,
            language=language(),
            actor=Actor.person(subject),
            now=now,
        )
    except PublishingError:
        raise NotSubscribed from None
    return _("Noted: you accept the change.") if accepted else _("Noted: you refuse the change.")


def _number(request: HttpRequest, subject: UUID) -> int:
    """Of the version that was looked at."""
    said = request.POST.get("number", "")
    if pending(subject) is None or not said.isdecimal() or len(said) > 6:
        raise NotSubscribed
    return int(said)
