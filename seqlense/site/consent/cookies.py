"""The two cookies of a choice, and the cookies of services that were refused."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from seqlense.privacy import running
from seqlense.privacy.consent import choices
from seqlense.privacy.consent.choices import Choice
from seqlense.register.vocabulary import TracerKind

READABLE: Final = "tarteaucitron"
"""The panel's own: its script reads it, and nothing on our side believes it."""
PREFIX: Final = "k0"
"""Before each service's name: the panel finds names by searching, and one may be part of another."""


def remember(response: HttpResponse, choice: Choice, *, asked: HttpRequest) -> None:
    """Have the browser keep a choice until it ends, and drop what refused services had left there."""
    seconds = int((choice.ends_at - asked.now).total_seconds())  # type: ignore[attr-defined]  # set by request_moment
    text = "".join(f"!{PREFIX}{name}={str(one.yes).lower()}" for name, one in sorted(choice.answers.items()))
    _keep(response, READABLE, text, seconds)
    _keep(response, choices.cookie_name(), choices.signed(choice), seconds, http_only=True)
    for name in _left_by(choice.refused):
        if name in asked.COOKIES:
            response.delete_cookie(name, samesite="Lax")


def _keep(response: HttpResponse, name: str, value: str, seconds: int, *, http_only: bool = False) -> None:
    """As `set_cookie` does, faster; and the value as it is, as the panel's script knows no quotes."""
    response.cookies[name] = ""
    kept = response.cookies[name]
    kept.set(name, value, value)
    kept["max-age"], kept["path"], kept["samesite"] = seconds, "/", "Lax"
    if http_only:
        kept["httponly"] = True
    if settings.SESSION_COOKIE_SECURE:
        kept["secure"] = True


def forget(response: HttpResponse) -> None:
    """Have the browser forget its choice."""
    for name in (READABLE, choices.cookie_name()):
        response.delete_cookie(name, samesite="Lax")


def _left_by(services: frozenset[str]) -> list[str]:
    """Cookies on this site that the register says these services set."""
    if not services:
        return []
    return [
        one.name
        for one in running.register().cookies
        if one.kind is TracerKind.COOKIE and one.set_by in services
    ]
