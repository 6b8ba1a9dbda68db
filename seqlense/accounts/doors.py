"""Doors of signed-in pages: who is there, how surely, and how recently that was proven."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from seqlense.accounts import devices, factors, passkeys, sessions, signing_in, throttling
from seqlense.accounts.errors import PasskeyRefused, SignInRefused, TooManyAttempts
from seqlense.accounts.models import Account
from seqlense.accounts.signing_in import Place
from seqlense.privacy import cookies
from seqlense.privacy.actor import Actor

type View = Callable[..., HttpResponseBase]

CONFIRMED_FOR: Final = 10 * 60
PASSWORD_FIELD: Final = "confirm-password"  # a field's name  # noqa: S105
PASSKEY_FIELD: Final = "confirm-passkey"
ASKED_FIELD: Final = "confirm-asked"
OURS: Final = frozenset({PASSWORD_FIELD, PASSKEY_FIELD, ASKED_FIELD, "csrfmiddlewaretoken"})
EVEN_PACE: Final = 0.4


def person(request: HttpRequest) -> Account:
    """Who is signed in. For views behind a sign-in only."""
    return cast(Account, request.user)


def actor(request: HttpRequest) -> Actor:
    """The person signed in, acting for themselves."""
    return Actor.person(person(request).subject_id)


def moment(request: HttpRequest) -> datetime:
    """The one moment of this request."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]  # set by request_moment


def place(request: HttpRequest) -> Place:
    """Where a request comes from; its address on the network serves for counting attempts and is not kept."""
    return Place(
        source=throttling.source(request.META.get("REMOTE_ADDR", "")),
        cookie=cookies.read(request, devices.COOKIE),
    )


def next_of(request: HttpRequest, default: str = "site:home") -> str:
    """Where to go afterwards: the page asked for, if it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours and asked.startswith("/") and len(asked) < 2000 else reverse(default)


def strongly(request: HttpRequest) -> bool:
    """This session was begun, or strengthened, with two factors."""
    return bool(request.session.get(sessions.STRONG))


def second_factor_first(target: str) -> str:
    """Address of the page that asks for a second factor, or has one set up, and then leads to the target."""
    return f"{reverse('site:second_factor')}?{urlencode({'next': target})}"


def _falls_short(request: HttpRequest) -> bool:
    account = person(request)
    return not strongly(request) and factors.is_strong(account) and bool(factors.demands(account))


def recently_confirmed(view: View) -> View:
    """Dangerous acts: the person proves to be there, unless that was done in the last ten minutes.

    The question appears in place. What was being sent travels along in the form and is sent on once the
    answer is right, so nothing typed is lost; files are the exception. Where two factors are
    demanded of a person who has them, a session begun with one does nothing dangerous: whoever stole a
    password can't add a passkey of their own.
    """

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _falls_short(request):
            return redirect(second_factor_first(request.get_full_path()))
        since = moment(request).timestamp() - request.session.get(sessions.CONFIRMED, 0)
        if 0 <= since < CONFIRMED_FOR:
            return view(request, *args, **kwargs)
        if PASSWORD_FIELD in request.POST or PASSKEY_FIELD in request.POST:
            refused = _confirm(request)
            if refused is not None:
                return refused
            if request.POST.get(ASKED_FIELD) == "GET":
                return HttpResponseRedirect(request.get_full_path())
            request.POST = _without_ours(request.POST)  # type: ignore[assignment]  # a copy
            return view(request, *args, **kwargs)
        return _question(request)

    return door


def _confirm(request: HttpRequest) -> HttpResponse | None:
    account = person(request)
    answers = {
        "password": request.POST.get(PASSWORD_FIELD, ""),
        "passkey": request.POST.get(PASSKEY_FIELD, ""),
    }
    try:
        signing_in.confirm(account, now=moment(request), **answers)
    except TooManyAttempts:
        return _question(request, _("Too many attempts. Wait a minute, then try again."))
    except PasskeyRefused:
        return _question(
            request, _("The passkey's answer was not accepted. Try again, or use your password.")
        )
    except SignInRefused:
        return _question(request, _("That is not your password."))
    mark_confirmed(request)
    return None


def mark_confirmed(request: HttpRequest) -> None:
    """The person just proved to be there: a fresh session key, and ten minutes of trust."""
    request.session.cycle_key()
    request.session[sessions.CONFIRMED] = int(moment(request).timestamp())


def mark_strong(request: HttpRequest) -> None:
    """This session has shown two factors: a fresh key, and the doors that demand it open."""
    request.session.cycle_key()
    request.session[sessions.STRONG] = True


def stay_signed_in(request: HttpRequest) -> None:
    """The person's password changed: this session goes on, under a fresh key."""
    update_session_auth_hash(request, person(request))


def _question(request: HttpRequest, problem: str = "") -> HttpResponse:
    account = person(request)
    asked = request.POST.get(ASKED_FIELD) or request.method
    kept = [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
    context = {
        "problem": problem,
        "asked": asked,
        "kept": kept if asked == "POST" else [],
        "has_password": account.has_usable_password(),
        "passkey_options": passkeys.offer_to_confirm(account, now=moment(request))
        if account.passkeys.exists()
        else None,
        "password_field": PASSWORD_FIELD,
        "passkey_field": PASSKEY_FIELD,
        "asked_field": ASKED_FIELD,
    }
    return render(request, "accounts/confirm.html", context, status=422 if problem else 200)


def _without_ours(sent: QueryDict) -> QueryDict:
    kept = sent.copy()
    for name in OURS:
        kept.pop(name, None)
    return kept


def at_even_pace(view: View) -> View:
    """The answer leaves no sooner than a fixed time after the question, so that its speed tells nothing.

    The waiting is done by the middleware `even_pace`, outside any transaction.
    """

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        began = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response.not_before = began + EVEN_PACE  # type: ignore[attr-defined]  # for the middleware
        return response

    return door
