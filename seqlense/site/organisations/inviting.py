"""Inviting people, and what becomes of the invitations."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from seqlense.organisations import invitations, queries
from seqlense.organisations.errors import AddressesRefused, InvitationRefused, TooMany
from seqlense.organisations.roles import Permission
from seqlense.site.organisations import words
from seqlense.site.organisations.doors import Here, member
from seqlense.site.organisations.forms import Inviting


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.INVITE)
def invite(request: HttpRequest, here: Here) -> HttpResponse:
    """Invite people; see which invitations wait, without the addresses."""
    form = Inviting(request.POST or None, giver=here.membership, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            sent = invitations.invite(here.organisation.pk, **form.wish(), actor=here.actor, now=here.now)
        except AddressesRefused as refused:
            form.add_error("addresses", words.lines(refused))
        except (InvitationRefused, TooMany) as refused:
            form.add_error(None, words.of(refused))
        else:
            told = ngettext(
                "%(number)s invitation is on its way.", "%(number)s invitations are on their way.", len(sent)
            )
            messages.success(request, told % {"number": len(sent)})
            return redirect("site:organisation_invitations", here.organisation.pk)
    context = {
        "here": here,
        "form": form,
        "invitations": queries.invitations(here.organisation),
    }
    return render(request, "site/organisations/invitations.html", context, status=422 if form.errors else 200)


@require_POST
@member(Permission.INVITE)
def resend(request: HttpRequest, here: Here, invitation: UUID) -> HttpResponse:
    """Send an invitation again."""
    try:
        invitations.resend(here.organisation.pk, invitation, actor=here.actor, now=here.now)
    except (InvitationRefused, TooMany) as refused:
        messages.error(request, words.of(refused))
    else:
        messages.success(request, _("The invitation is on its way again, good for seven days."))
    return redirect("site:organisation_invitations", here.organisation.pk)


@require_POST
@member(Permission.INVITE)
def withdraw(request: HttpRequest, here: Here, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    try:
        invitations.withdraw(here.organisation.pk, invitation, actor=here.actor, now=here.now)
    except InvitationRefused as refused:
        messages.error(request, words.of(refused))
    else:
        messages.success(
            request, _("The invitation is withdrawn; its link leads nowhere and the address is forgotten.")
        )
    return redirect("site:organisation_invitations", here.organisation.pk)
