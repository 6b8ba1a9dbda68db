"""Signing in and out. These views run outside a request's transaction, so that what is counted stays counted
and no row stays locked while a password is checked.
"""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seqlense.accounts import doors, passkeys, passwords, signing_in
from seqlense.accounts.errors import AccountError, CodeRefused, PasskeyRefused, SignInRefused, TooManyAttempts
from seqlense.accounts.models import Account
from seqlense.site.account import entering, words
from seqlense.site.account.forms import AddressForm, CodeForm, SignInForm


@login_not_required
@never_cache
@sensitive_post_parameters()
@transaction.non_atomic_requests
@doors.at_even_pace
def sign_in(request: HttpRequest) -> HttpResponse:
    """By password; the page offers passkeys as well."""
    if request.user.is_authenticated:
        return redirect(doors.next_of(request))
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _sign_in_page(request, form)
    typed, now = form.cleaned_data, doors.moment(request)
    try:
        found = signing_in.with_password(typed["email"], typed["password"], doors.place(request), now=now)
    except (SignInRefused, TooManyAttempts) as error:
        form.add_error(None, words.of_error(error))
        return _sign_in_page(request, form, paused=getattr(error, "paused", False))
    if isinstance(found, Account):
        entering.await_code(request, found, doors.next_of(request))
        return redirect("site:sign_in_code")
    return entering.begin(request, found, doors.next_of(request))


def _sign_in_page(request: HttpRequest, form: SignInForm, *, paused: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "passkey_options": passkeys.offer_to_sign_in(now=doors.moment(request)),
        "paused": paused,
    }
    return render(request, "site/account/sign_in.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_POST
@transaction.non_atomic_requests
def sign_in_passkey(request: HttpRequest) -> HttpResponse:
    """By passkey alone."""
    answer, now = request.POST.get("passkey", ""), doors.moment(request)
    try:
        found = signing_in.with_passkey(answer, now=now)
    except PasskeyRefused as error:
        form = SignInForm({})
        form.errors.clear()
        form.add_error(None, words.of_error(error))
        return _sign_in_page(request, form)
    return entering.begin(request, found, doors.next_of(request))


@login_not_required
@never_cache
@sensitive_post_parameters()
@transaction.non_atomic_requests
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: a code, or a recovery code."""
    awaited = entering.awaited(request)
    if awaited is None:
        return redirect("site:sign_in")
    account, target = awaited
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = signing_in.with_code(account, form.cleaned_data["code"], now=doors.moment(request))
        except (CodeRefused, TooManyAttempts) as error:
            form.add_error("code", words.of_error(error))
        else:
            return entering.begin(request, found, target)
    return render(
        request, "site/account/sign_in_code.html", {"form": form}, status=422 if form.errors else 200
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, if it has not ended by itself meanwhile. A link alone ends none."""
    if not request.user.is_authenticated:
        return redirect("site:signed_out")
    if request.method != "POST":
        return redirect("site:home")
    signing_in.left(doors.person(request), now=doors.moment(request))
    logout(request)
    return redirect("site:signed_out")


@login_not_required
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """It is done, and what to do on a shared machine."""
    return render(request, "site/account/signed_out.html")


@login_not_required
@never_cache
@doors.at_even_pace
def forgotten(request: HttpRequest) -> HttpResponse:
    """Have a link sent to set a new password."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source = doors.place(request).source
        try:
            passwords.ask_reset(form.cleaned_data["email"], source=source, now=doors.moment(request))
        except AccountError as error:
            form.add_error(None, words.of_error(error))
        else:
            return redirect("site:forgotten_sent")
    return render(request, "site/account/forgotten.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever holds the address."""
    return render(request, "site/account/forgotten_sent.html", {"sentence": words.confirmation_by_mail()})
