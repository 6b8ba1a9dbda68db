"""Links sent by mail. Opening one only shows a page (mail scanners open every link); its button acts."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from seqlense.accounts import doors, email_change, links, passwords, signing_up
from seqlense.accounts.errors import InvalidChoice, LinkRefused, WeakPassword
from seqlense.accounts.models import Account, MailLink
from seqlense.accounts.signing_in import SignedIn
from seqlense.site.account import entering, words
from seqlense.site.account.forms import NewPasswordForm, OpenForm

STATUS: Final = {"accounts.link.forged": 404, "accounts.link.foreign": 403}


@login_not_required
@never_cache
@sensitive_post_parameters()
def mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """Whatever a link is for."""
    holder = request.user if isinstance(request.user, Account) else None
    try:
        link = links.read(token, now=doors.moment(request), holder=holder)
        with transaction.atomic():
            return PAGES[MailLink.Purpose(link.purpose)](request, link, token)
    except LinkRefused as error:
        context = {"code": error.code.rpartition(".")[2]}
        return render(request, "site/account/link_refused.html", context, status=STATUS.get(error.code, 410))


def _open(request: HttpRequest, link: MailLink, token: str) -> HttpResponse:
    """Open the account: a name and a password, or a passkey next."""
    form = OpenForm(request.POST or None)
    without = "without-password" in request.POST
    form.fields["password"].required = not without
    if request.method == "POST" and form.is_valid():
        password = None if without else form.cleaned_data["password"]
        name, now = form.cleaned_data["name"], doors.moment(request)
        try:
            account = signing_up.verify(
                token, name=name, password=password, no_offers=form.cleaned_data["no_offers"], now=now
            )
        except WeakPassword as error:
            form.add_error("password", words.of_error(error))
        except InvalidChoice as error:
            form.add_error("name", words.of_error(error))
        else:
            messages.success(request, _("Your account is open."))
            found = SignedIn(account=account, event="signed_up", strong=False)
            return entering.begin(request, found, entering.after_opening(without=without))
    context = {"form": form, "email": link.account.email}
    return render(request, "site/account/open.html", context, status=422 if form.errors else 200)


def _reset(request: HttpRequest, link: MailLink, token: str) -> HttpResponse:
    """Set a new password; signing in comes after, so that a second factor is still asked for."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = passwords.reset(token, form.cleaned_data["password"], now=doors.moment(request))
        except WeakPassword as error:
            form.add_error("password", words.of_error(error))
        else:
            messages.success(
                request, _("Your new password is set, and every open session was ended. Sign in with it.")
            )
            return entering.known_from_now_on(redirect("site:sign_in"), request, account)
    context = {"form": form, "email": link.account.email}
    return render(request, "site/account/reset.html", context, status=422 if form.errors else 200)


def _agree(request: HttpRequest, link: MailLink, token: str) -> HttpResponse:
    """One mailbox agrees to a change of address, or refuses it."""
    change, purpose, now = link.email_change, MailLink.Purpose(link.purpose), doors.moment(request)
    context = {"change": change, "is_new": purpose == links.Purpose.NEW_ADDRESS, "email": link.account.email}
    if request.method != "POST":
        return render(request, "site/account/agree.html", context)
    if "refuse" in request.POST:
        email_change.refuse(token, purpose, now=now)
        return render(request, "site/account/agreed.html", {**context, "refused": True})
    try:
        change = email_change.agree(token, purpose, now=now)
    except InvalidChoice:
        return render(request, "site/account/agreed.html", {**context, "taken": True}, status=409)
    return render(request, "site/account/agreed.html", {**context, "change": change, "done": change.done})


PAGES: Final[dict[MailLink.Purpose, Callable[[HttpRequest, MailLink, str], HttpResponse]]] = {
    links.Purpose.VERIFY: _open,
    links.Purpose.RESET: _reset,
    links.Purpose.OLD_ADDRESS: _agree,
    links.Purpose.NEW_ADDRESS: _agree,
}
