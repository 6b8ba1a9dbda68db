"""Checks: the cookies that Django's parts set by themselves are declared, and set as declared."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import NoReverseMatch, reverse

from seqlense.privacy.cookies import declared
from seqlense.privacy.cookies.enforcing import at_most
from seqlense.register import Cookie, Register
from seqlense.register.lint import check
from seqlense.register.vocabulary import TracerKind

ENFORCED: Final = "seqlense.privacy.cookies.enforcing.enforced"
UNLAWFUL: Final = frozenset(
    {"tracers.too-long", "tracers.measurement-too-long", "tracers.readable-authentication"}
)


@dataclass(frozen=True)
class Django:
    """A cookie that Django sets. prefix: of its settings. seconds: how long it lasts; None: no longer than
    the browser is open.
    """

    prefix: str
    seconds: int | None

    @property
    def name(self) -> str:
        return str(getattr(settings, f"{self.prefix}_NAME"))

    def of(self, attribute: str) -> Any:
        return getattr(settings, f"{self.prefix}_{attribute}")


def tracers(register: Register) -> Iterator[CheckMessage]:
    """All findings about cookies."""
    yield from _outermost()
    for one in _of_django():
        cookie = register.cookie(one.name)
        if cookie is None or cookie.kind is not TracerKind.COOKIE or cookie not in register.active_cookies:
            hint = "Declare it in cookies.yaml under a running activity, or stop setting it."
            yield Error(f"The cookie {one.name!r} is not declared.", hint=hint, id="privacy.E020")
        else:
            yield from _as_declared(one, cookie)
    for finding in check(register):
        if finding.rule.id in UNLAWFUL:
            yield Error(
                f"{finding.where}: {finding.rule.message.en}", hint="Correct cookies.yaml.", id="privacy.E027"
            )


def _outermost() -> Iterator[CheckMessage]:
    if settings.MIDDLEWARE and settings.MIDDLEWARE[0] != ENFORCED:
        hint = f"Put {ENFORCED!r} first in MIDDLEWARE."
        yield Error("Cookies could be set past the register.", hint=hint, id="privacy.E025")


def _of_django() -> Iterator[Django]:
    middleware = set(settings.MIDDLEWARE)
    if "django.contrib.sessions.middleware.SessionMiddleware" in middleware:
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        closing = settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
        yield Django("SESSION_COOKIE", None if closing else store.get_session_cookie_age())
    if "django.middleware.csrf.CsrfViewMiddleware" in middleware and not settings.CSRF_USE_SESSIONS:
        yield Django("CSRF_COOKIE", settings.CSRF_COOKIE_AGE)
    if _sets_language():
        yield Django("LANGUAGE_COOKIE", settings.LANGUAGE_COOKIE_AGE)


def _sets_language() -> bool:
    """Only Django's own view sets that cookie; its middleware merely reads it."""
    try:
        reverse("set_language")
    except NoReverseMatch:
        return False
    return True


def _as_declared(one: Django, cookie: Cookie) -> Iterator[CheckMessage]:
    lasting = None if cookie.lifetime is None else at_most(cookie.lifetime)
    wanted: dict[str, tuple[Any, Any]] = {
        "NAME": (one.name, declared.on_this_site(cookie)),
        "SECURE": (bool(one.of("SECURE")), declared.is_secure()),
        "HTTPONLY": (bool(one.of("HTTPONLY")), not cookie.readable),
        "SAMESITE": (str(one.of("SAMESITE")).lower(), str(cookie.same_site)),
        "PATH": (one.of("PATH"), cookie.path),
        "DOMAIN": (one.of("DOMAIN"), None),
    }
    if one.seconds is None or lasting is None or one.seconds > lasting:
        wanted["AGE"] = (one.seconds, lasting)
    for attribute, (is_so, declared_so) in wanted.items():
        if is_so != declared_so:
            setting = f"{one.prefix}_{attribute}"
            hint = f"Set {setting} to {declared_so!r}, or declare the cookie otherwise in cookies.yaml."
            yield Error(f"{setting} is {is_so!r}: not as declared.", hint=hint, id="privacy.E026")
