"""The cookie that keeps a choice, and the cookies of services that were refused."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse

from seqlense.accounts.doors import moment
from seqlense.privacy import cookies, running
from seqlense.privacy.consent import choices
from seqlense.privacy.consent.choices import Choice
from seqlense.register.vocabulary import TracerKind


def remember(response: HttpResponse, choice: Choice, *, asked: HttpRequest) -> None:
    """Have the browser keep a choice until it ends, and drop what refused services had left there."""
    now = moment(asked)
    cookies.put(response, choices.NAME, choices.signed(choice), now=now, until=choice.ends_at)
    for name in _left_by(running.register().version, choice.refused):
        if cookies.read(asked, name) is not None:
            cookies.drop(response, name)


@lru_cache(maxsize=64)
def _left_by(_version: str, services: frozenset[str]) -> tuple[str, ...]:
    """Cookies on this site that the running register says these services set."""
    return tuple(
        one.name
        for one in running.register().cookies
        if one.kind is TracerKind.COOKIE and one.set_by in services
    )
