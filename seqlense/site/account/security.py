"""The safety of one's account: ways to sign in, second factors, sessions, what happened lately."""

from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts import codes, doors, events, factors, passkeys, passwords, sessions, signing_in
from seqlense.accounts.errors import AccountError, CodeRefused, LastFactor, WeakPassword
from seqlense.site.account import words
from seqlense.site.account.forms import CodeForm, NewPasswordForm


@require_safe
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    account, now = doors.person(request), doors.moment(request)
    context = {
        "passkeys": passkeys.of(account),
        "has_password": account.has_usable_password(),
        "has_codes": factors.has_codes(account),
        "recovery_left": codes.recovery_left(account),
        "demands": factors.demands(account),
        "sessions": sessions.of(account, now=now),
        "this_session": sessions.current(request.session.session_key),
        "events": [(events.KINDS[one.kind], one) for one in events.recent(account)],
    }
    return render(request, "site/account/security.html", context)


@never_cache
@sensitive_post_parameters()
@doors.recently_confirmed
def password(request: HttpRequest) -> HttpResponse:
    """Set or change the password."""
    account = doors.person(request)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key, now = request.session.session_key, doors.moment(request)
        try:
            passwords.change(
                account, form.cleaned_data["password"], keep=key, actor=doors.actor(request), now=now
            )
        except WeakPassword as error:
            form.add_error("password", words.of_error(error))
        else:
            doors.stay_signed_in(request)
            messages.success(request, _("Your password is changed. Every other session was ended."))
            return redirect("site:security")
    context = {"form": form, "has_password": account.has_usable_password(), "email": account.email}
    return render(request, "site/account/password.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@doors.recently_confirmed
def password_remove(request: HttpRequest) -> HttpResponse:
    """Sign in with passkeys only."""
    account, key = doors.person(request), request.session.session_key
    try:
        passwords.remove(account, keep=key, actor=doors.actor(request), now=doors.moment(request))
    except LastFactor as error:
        messages.error(request, words.of_error(error))
    else:
        doors.stay_signed_in(request)
        messages.success(request, _("Your password is removed. Your passkeys let you in."))
    return redirect("site:security")


@never_cache
@doors.recently_confirmed
def codes_on(request: HttpRequest) -> HttpResponse:
    """Set up codes from an application; a first code turns them on and brings the recovery codes, shown this
    once.
    """
    account, now = doors.person(request), doors.moment(request)
    form = CodeForm(request.POST or None)
    try:
        generator = codes.begin(account, now=now)
        if request.method == "POST" and form.is_valid():
            fresh = codes.confirm(account, form.cleaned_data["code"], actor=doors.actor(request), now=now)
            doors.mark_strong(request)
            return _recovery_page(request, fresh)
    except CodeRefused as error:
        if error.code == "accounts.code.on":
            return redirect("site:security")
        form.add_error("code", words.of_error(error))
    address = codes.address_of(generator, account)
    picture = segno.make(address, error="m").svg_inline(scale=5, border=3, light="#fff")
    context = {
        "form": form,
        "picture": mark_safe(picture),  # drawn from our own address  # noqa: S308
        "address": address,
        "secret": " ".join(generator.secret[at : at + 4] for at in range(0, len(generator.secret), 4)),
    }
    return render(request, "site/account/codes_on.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@doors.recently_confirmed
def codes_off(request: HttpRequest) -> HttpResponse:
    """Turn codes off."""
    try:
        codes.stop(doors.person(request), actor=doors.actor(request), now=doors.moment(request))
    except LastFactor as error:
        messages.error(request, words.of_error(error))
    else:
        messages.success(request, _("Codes are turned off, and the recovery codes are gone with them."))
    return redirect("site:security")


@never_cache
@require_POST
@doors.recently_confirmed
def recovery_renew(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; they are shown this once."""
    try:
        fresh = codes.renew_recovery(
            doors.person(request), actor=doors.actor(request), now=doors.moment(request)
        )
    except CodeRefused as error:
        messages.error(request, words.of_error(error))
        return redirect("site:security")
    return _recovery_page(request, fresh)


def _recovery_page(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    context = {"codes": fresh, "next": doors.next_of(request, "site:security")}
    return render(request, "site/account/recovery.html", context)


@require_POST
def session_revoke(request: HttpRequest, session: UUID) -> HttpResponse:
    """End one session."""
    account, now = doors.person(request), doors.moment(request)
    if not sessions.revoke(account, session, actor=doors.actor(request), now=now):
        raise Http404
    messages.success(request, _("That session is ended."))
    return redirect(reverse("site:security") + "#sessions")


@require_POST
def sessions_revoke(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    account, now, key = doors.person(request), doors.moment(request), request.session.session_key
    sessions.revoke_all(account, spare=key, actor=doors.actor(request), now=now)
    messages.success(request, _("Every other session is ended."))
    return redirect(reverse("site:security") + "#sessions")


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Whoever must show two factors does it here, or sets up a second one."""
    account, now, target = doors.person(request), doors.moment(request), doors.next_of(request)
    form, problem = CodeForm(request.POST if "code" in request.POST else None), ""
    if request.method == "POST" and not doors.strongly(request):
        try:
            _strengthen(request, form)
        except AccountError as error:
            problem = words.of_error(error)
    if doors.strongly(request):
        return redirect(target)
    context = {
        "form": form,
        "problem": problem,
        "next": target,
        "demands": factors.demands(account),
        "has_codes": factors.has_codes(account),
        "passkey_options": passkeys.offer_to_confirm(account, now=now) if account.passkeys.exists() else None,
    }
    return render(request, "site/account/second_factor.html", context, status=422 if problem else 200)


def _strengthen(request: HttpRequest, form: CodeForm) -> None:
    """A passkey or a code makes this a session of two factors."""
    account, now = doors.person(request), doors.moment(request)
    if "passkey" in request.POST:
        signing_in.confirm(account, password="", passkey=request.POST["passkey"] or "-", now=now)
    elif form.is_valid():
        signing_in.with_code(account, form.cleaned_data["code"], now=now)
    else:
        return
    doors.mark_strong(request)
