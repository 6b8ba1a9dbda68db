"""A person's choice comes along to a browser in which they sign in, if they want that."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from seqlense.accounts.doors import moment
from seqlense.privacy.consent import choices, sharing
from seqlense.privacy.consent.choices import Answer, Choice
from seqlense.privacy.cookies import name_here
from seqlense.site.consent import cookies

type Handler = Callable[[HttpRequest], HttpResponse]

FOLLOWS: Final = "choices-follow"
"""Session key: whether the person's choices hold in every browser where they are signed in."""
SEEN: Final = "choices-seen"
"""Session key: number of the person's latest receipt that this browser knows of."""


def bring(response: HttpResponse, request: HttpRequest, subject: UUID) -> None:
    """Give this browser the person's own answers; where it was asked later, what was said here stays."""
    request.session[FOLLOWS] = sharing.shares(subject)
    if request.session[FOLLOWS] and (made := _news(request, subject)) is not None:
        cookies.remember(response, made, asked=request)


def followed(get_response: Handler) -> Handler:
    """Middleware, behind the one that says who is signed in: what somebody answered elsewhere holds here from
    the next page on, if they want that, so that a withdrawal on the phone stops the service at the desk.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        follows = request.method == "GET" and request.session.get(FOLLOWS)
        subject = getattr(request.user, "subject_id", None) if follows else None
        latest = sharing.latest(subject, now=moment(request)) if subject is not None else None
        if subject is None or latest is None or request.session.get(SEEN) == str(latest):
            return get_response(request)
        request.session[SEEN] = str(latest)
        made = _news(request, subject)
        if made is None:
            return get_response(request)
        request.COOKIES[name_here(choices.NAME)] = choices.signed(made)
        response = get_response(request)
        cookies.remember(response, made, asked=request)
        return response

    return middleware


def _news(request: HttpRequest, subject: UUID) -> Choice | None:
    """What holds here from now on, if it isn't what holds already."""
    now = moment(request)
    mine, here = sharing.chosen_by(subject, now=now), choices.kept(request, now=now)
    if mine is None:
        return None
    made = mine if here is None else _together(here, mine)
    return made if made != here else None


def _together(here: Choice, mine: Choice) -> Choice:
    """Each service's later answer."""
    later = {name: one for name, one in mine.answers.items() if _is_later(one, here.answers.get(name))}
    return (
        Choice(answers={**here.answers, **later}, made_at=mine.made_at, receipt=mine.receipt)
        if later
        else here
    )


def _is_later(mine: Answer, here: Answer | None) -> bool:
    """A cookie tells whole seconds: within one the browser's own answer stands, unless the other refuses."""
    if here is None:
        return True
    at = mine.at.replace(microsecond=0)
    return at > here.at or (at == here.at and here.yes and not mine.yes)
