"""A person's choice comes along to a browser in which they sign in, if they want that."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from seqlense.accounts.doors import moment
from seqlense.privacy.consent import choices, sharing
from seqlense.privacy.consent.choices import Choice
from seqlense.site.consent import cookies


def bring(response: HttpResponse, request: HttpRequest, subject: UUID) -> None:
    """Give this browser the person's own choice, unless what was chosen here is later."""
    if not sharing.shares(subject):
        return
    now = moment(request)
    mine = sharing.chosen_by(subject, now=now)
    here = choices.opened(request.COOKIES.get(choices.cookie_name(), ""), now=now)
    if mine is not None and (here is None or here.made_at < mine.made_at):
        cookies.remember(response, _together(here, mine), asked=request)


def _together(here: Choice | None, mine: Choice) -> Choice:
    """The person's answers; of this browser's, those to services that the person never answered to."""
    kept = {} if here is None else here.answers
    return Choice(answers={**kept, **mine.answers}, made_at=mine.made_at, receipt=mine.receipt)
