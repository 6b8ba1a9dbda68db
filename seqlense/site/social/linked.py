"""The person's linked accounts, and their end."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from seqlense.accounts import doors
from seqlense.audience.social import linking
from seqlense.audience.social.models import LinkedAccount
from seqlense.audience.social.networks import KNOWN


@dataclass(frozen=True)
class Row:
    """A network on the page. linked: the person's account there. offered: whether one can be linked now."""

    id: str
    title: str
    linked: LinkedAccount | None
    offered: bool


@require_safe
@never_cache
def networks(request: HttpRequest) -> HttpResponse:
    """Each network with the account linked there, or the way to link one."""
    mine = {one.network: one for one in linking.of(doors.person(request).subject_id)}
    offered = {one.id for one in linking.offered()}
    rows = [
        Row(one.id, one.title, mine.get(one.id), one.id in offered)
        for one in KNOWN.values()
        if one.id in mine or one.id in offered
    ]
    return render(request, "site/social/networks.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unlink(request: HttpRequest, network: str) -> HttpResponse:
    """Show what unlinking erases; then do it."""
    account = doors.person(request)
    mine = {one.network: one for one in linking.of(account.subject_id)}
    if network not in mine:
        if network not in KNOWN:
            raise Http404
        return redirect("site:networks")
    if request.method == "POST":
        linking.unlink(account.subject_id, network, actor=doors.actor(request), now=doors.moment(request))
        messages.success(request, _("The account is unlinked. What we kept of it is erased."))
        return redirect("site:networks")
    context = {"network": KNOWN[network], "linked": mine[network], "last": len(mine) == 1}
    return render(request, "site/social/unlink.html", context)
