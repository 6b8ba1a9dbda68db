"""Setting, reading and removing a cookie that cookies.yaml declares."""

from datetime import datetime
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from seqlense.privacy import running
from seqlense.privacy.errors import PrivacyError
from seqlense.register import Cookie
from seqlense.register.vocabulary import TracerKind

ROOT: Final = "/"


class Undeclared(PrivacyError):
    """A cookie that cookies.yaml doesn't declare, or declares otherwise. Names it, and never its value."""

    code = "cookie-undeclared"

    def __init__(self, cookie: str, fault: str) -> None:
        super().__init__(f"The cookie {cookie!r} {fault}")
        self.cookie = cookie
        self.fault = fault


def put(
    response: HttpResponseBase, name: str, value: str, *, now: datetime, until: datetime | None = None
) -> None:
    """Set the cookie of that (unprefixed) name; the declaration says everything about it but its value.

    until: its end, where that comes sooner than the declared lifetime lets it live from now: a value that is
    written again without a new choice keeps the end that it had. Raises Undeclared; also for one that is
    declared under an activity that doesn't run, and for what isn't a cookie.
    """
    one = in_use(name)
    end = None if one.lifetime is None else one.lifetime.add_to(now)
    if end is not None and until is not None:
        end = min(end, until)
    here = on_this_site(one)
    response.cookies[here] = value
    kept = response.cookies[here]
    kept["path"], kept["samesite"] = one.path, one.same_site.capitalize()
    if end is not None:
        kept["max-age"] = max(0, int((end - now).total_seconds()))
    if is_secure():
        kept["secure"] = True
    if not one.readable:
        kept["httponly"] = True


def removed(response: HttpResponseBase, name: str) -> None:
    """Have the browser forget that cookie, also one whose activity has ended. Raises Undeclared."""
    one = known(name)
    response.delete_cookie(on_this_site(one), path=one.path, samesite=one.same_site.capitalize())  # type: ignore[arg-type]  # as above


def read(request: HttpRequest, name: str) -> str | None:
    """What the browser sent for the cookie of that (unprefixed) name; anybody may have written it."""
    return request.COOKIES.get(name_here(name))


def name_here(name: str) -> str:
    """Its name on this site: over an encrypted connection browsers want a prefix. Raises Undeclared."""
    return on_this_site(known(name))


def ends(name: str, *, now: datetime) -> datetime | None:
    """When such a cookie ends that is set now; None: when the browser is closed. Raises Undeclared."""
    lifetime = in_use(name).lifetime
    return None if lifetime is None else lifetime.add_to(now)


def known(name: str) -> Cookie:
    """The declaration of that name, whether its activity runs or not."""
    register = running.register()
    one = _by_name(register.version).get(name)
    if one is None:
        raise Undeclared(name, "isn't declared: add it to cookies.yaml.")
    if one.kind is not TracerKind.COOKIE:
        raise Undeclared(name, f"is declared as {one.kind}, not as a cookie.")
    return one


@lru_cache(maxsize=4)
def _by_name(_version: str) -> dict[str, Cookie]:
    """Of the running register; of two with one name, the first."""
    return {one.name: one for one in reversed(running.register().cookies)}


def in_use(name: str) -> Cookie:
    """The declaration of that name, of an activity that runs."""
    one = known(name)
    if not running.register().activities[one.activity].active:
        raise Undeclared(name, f"belongs to the activity {one.activity!r}, which isn't running.")
    return one


def on_this_site(one: Cookie) -> str:
    """Its name as the browser sees it. The script of an accepted service writes its own without a prefix."""
    by_script = one.set_by is not None and one.consent_purpose is not None
    if by_script or not one.prefixed or not is_secure():
        return one.name
    return f"{'__Host-' if one.path == ROOT else '__Secure-'}{one.name}"


def is_secure() -> bool:
    """Whether people reach this site over an encrypted connection, as Django's own cookies are told."""
    return bool(settings.SESSION_COOKIE_SECURE)
