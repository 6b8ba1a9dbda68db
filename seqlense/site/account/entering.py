"""Beginning and ending a session."""

from datetime import datetime
from typing import Final

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url

from seqlense.accounts import devices, doors, factors, sessions
from seqlense.accounts.backends import BACKEND
from seqlense.accounts.models import Account
from seqlense.accounts.signing_in import SignedIn
from seqlense.privacy import cookies
from seqlense.site.middleware import ZONE

PENDING: Final = "pending"
PENDING_FOR: Final = 10 * 60


def begin(request: HttpRequest, signed_in: SignedIn, target: str) -> HttpResponse:
    """Sign the person in under a fresh session key and lead on to the target; whoever must show a second
    factor and didn't, is led there first.
    """
    account, now = signed_in.account, doors.moment(request)
    request.session.pop(PENDING, None)
    login(request, account, backend=BACKEND)
    request.session[sessions.STRONG] = signed_in.strong
    request.session[sessions.STAFF] = account.is_staff_member()
    request.session[sessions.CONFIRMED] = int(now.timestamp())
    request.session[sessions.DEVICE] = devices.at_hand()
    request.session[ZONE] = account.time_zone
    if not signed_in.strong and factors.demands(account):
        target = doors.second_factor_first(target)
    return known_from_now_on(HttpResponseRedirect(in_their_language(target, account)), request, account)


def in_their_language(target: str, account: Account) -> str:
    """The person's own language, where the target is one of our plain pages."""
    return translate_url(target, account.language)


def known_from_now_on(response: HttpResponse, request: HttpRequest, account: Account) -> HttpResponse:
    """Give the browser the cookie by which strangers' attempts leave it alone."""
    now: datetime = doors.moment(request)
    cookies.put(response, devices.COOKIE, devices.remember(account.email, now=now), now=now)
    return response


def await_code(request: HttpRequest, account: Account, target: str) -> None:
    """Remember, for ten minutes, that this browser gave the right password."""
    request.session.cycle_key()
    request.session[PENDING] = [str(account.pk), int(doors.moment(request).timestamp()), target]


def awaited(request: HttpRequest) -> tuple[Account, str] | None:
    """Whose code this browser must still give, and where it leads; None if nobody's."""
    identifier, since, target = request.session.get(PENDING, ["", 0, ""])
    if not identifier or doors.moment(request).timestamp() - since > PENDING_FOR:
        return None
    account = Account.objects.filter(pk=identifier).first()
    return (account, target) if account is not None and account.is_active else None


def after_opening(*, without: bool) -> str:
    """Where a fresh account leads: to its first passkey, if it has no password."""
    return reverse("site:passkey_add" if without else "site:home")
