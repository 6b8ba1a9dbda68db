"""A person's choice comes along to a browser in which they sign in, if they want that."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from seqlense.accounts.doors import moment
from seqlense.privacy.consent import choices, sharing
from seqlense.privacy.consent.choices import Choice
from seqlense.site.consent import cookies


def bring(response: HttpResponse, request: HttpRequest, subject: UUID) -> None:
    """Give this browser the person's own answers; where it was asked later, what was said here stays."""
    if not sharing.shares(subject):
        return
    now = moment(request)
    mine = sharing.chosen_by(subject, now=now)
    here = choices.kept(request, now=now)
    if mine is None:
        return
    made = mine if here is None else _together(here, mine)
    if made != here:
        cookies.remember(response, made, asked=request)


def _together(here: Choice, mine: Choice) -> Choice:
    """Each service's later answer; a cookie tells whole seconds, and this browser's own wins within one."""
    later = {
        name: one
        for name, one in mine.answers.items()
        if name not in here.answers or one.at.replace(microsecond=0) > here.answers[name].at
    }
    return (
        Choice(answers={**here.answers, **later}, made_at=mine.made_at, receipt=mine.receipt)
        if later
        else here
    )
