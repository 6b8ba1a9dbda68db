"""The page behind an invitation's link.

Looking never answers; only an account with the invited address can.
"""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from seqlense.accounts import doors
from seqlense.accounts.errors import AddressTaken, InvalidChoice, WeakPassword
from seqlense.accounts.models import Account, account_of
from seqlense.accounts.signing_in import SignedIn
from seqlense.organisations import answers
from seqlense.organisations import doors as wall
from seqlense.organisations.errors import Closed, InvitationRefused
from seqlense.site.account import entering
from seqlense.site.account import words as account_words
from seqlense.site.account.sign_up import likely_country
from seqlense.site.organisations.forms import JoiningNewly

FOLDER: Final = "site/organisations"
STATUS: Final = {"forged": 404, "unknown": 404, "foreign": 403, "unverified": 403}


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, to what, until when. An answer is posted."""
    account = request.user if isinstance(request.user, Account) else None
    try:
        organisation, identifier = answers.read(token)
        offer = answers.look(organisation, identifier, account=account, now=doors.moment(request))
        if request.method != "POST":
            return _page(request, offer, token, account, _joining(request))
        if account is None:
            return _join_newly(request, offer, token)
        return _answer(request, offer, account)
    except InvitationRefused as refused:
        return _refused(request, refused, token, account)
    except Closed:
        return _refused(request, InvitationRefused("organisations.invitation.withdrawn"), token, account)


def _page(
    request: HttpRequest, offer: wall.Offer, token: str, account: Account | None, form: JoiningNewly
) -> HttpResponse:
    context = {
        "offer": offer,
        "inviter": account_of(offer.inviter) if offer.inviter else None,
        "token": token,
        "account": account,
        "form": form,
    }
    return render(request, f"{FOLDER}/invitation.html", context, status=422 if form.errors else 200)


def _joining(request: HttpRequest) -> JoiningNewly:
    return JoiningNewly(initial={"country": likely_country(request)})


def _answer(request: HttpRequest, offer: wall.Offer, account: Account) -> HttpResponse:
    actor, now = doors.actor(request), doors.moment(request)
    if request.POST.get("answer") != "accept":
        answers.decline(offer.organisation, offer.invitation, account=account, actor=actor, now=now)
        messages.success(request, _("You declined. The organisation no longer holds your address."))
        return redirect("site:organisations")
    answers.accept(offer.organisation, offer.invitation, account=account, actor=actor, now=now)
    messages.success(request, _("Welcome to “%(name)s”.") % {"name": offer.name})
    return redirect("site:organisation", offer.organisation)


def _join_newly(request: HttpRequest, offer: wall.Offer, token: str) -> HttpResponse:
    form = JoiningNewly(request.POST)
    if not form.is_valid():
        return _page(request, offer, token, None, form)
    try:
        account = answers.join_newly(
            offer.organisation, offer.invitation, **form.wish(), now=doors.moment(request)
        )
    except AddressTaken:
        form.add_error(
            None, _("This address already has an account. Sign in to answer; nothing else is needed.")
        )
    except (WeakPassword, InvalidChoice) as refused:
        field = "password" if isinstance(refused, WeakPassword) else "name"
        form.add_error(field, account_words.of_error(refused))
    else:
        found = SignedIn(account=account, event="signed_up", strong=False)
        messages.success(request, _("Your account is open. Welcome to “%(name)s”.") % {"name": offer.name})
        return entering.begin(request, found, reverse("site:organisation", args=[offer.organisation]))
    return _page(request, offer, token, None, form)


def _refused(
    request: HttpRequest, refused: InvitationRefused, token: str, account: Account | None
) -> HttpResponse:
    """Each way in which a link leads nowhere has its page: what happened, since when, what to do."""
    how = refused.code.rpartition(".")[2]
    joined = _joined(token, account) if how == "accepted" else None
    if joined is not None:
        return redirect("site:organisation", joined)
    context = {"how": how, "on": refused.on, "token": token, "account": account}
    return render(request, f"{FOLDER}/invitation_refused.html", context, status=STATUS.get(how, 410))


def _joined(token: str, account: Account | None) -> UUID | None:
    """The organisation of an accepted invitation, for the member who accepted it."""
    organisation, _identifier = answers.read(token)
    mine = {one.organisation for one in wall.mine(account.subject_id)} if account is not None else set()
    return organisation if organisation in mine else None
