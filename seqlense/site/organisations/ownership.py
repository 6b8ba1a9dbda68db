"""Handing an organisation over, and taking it over."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from seqlense.accounts.doors import recently_confirmed
from seqlense.organisations import ownership, queries
from seqlense.organisations.errors import HandoverRefused
from seqlense.organisations.roles import Permission
from seqlense.site.organisations import words
from seqlense.site.organisations.doors import Here, member
from seqlense.site.organisations.forms import HandingOver


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.HAND_OVER)
@recently_confirmed
def hand_over(request: HttpRequest, here: Here) -> HttpResponse:
    """Choose who is offered the organisation."""
    form = HandingOver(request.POST or None, choices=_others(here))
    if request.method == "POST" and form.is_valid():
        heir = UUID(form.cleaned_data["membership"])
        try:
            ownership.offer(here.organisation.pk, heir, actor=here.actor, now=here.now)
        except HandoverRefused as refused:
            form.add_error(None, words.of(refused))
        else:
            messages.success(request, _("The offer is made. You stay the owner until it is accepted."))
            return redirect("site:organisation_settings", here.organisation.pk)
    context = {"here": here, "form": form, "offer": queries.handover(here.organisation, now=here.now)}
    return render(request, "site/organisations/hand_over.html", context, status=422 if form.errors else 200)


def _others(here: Here) -> list[tuple[str, str]]:
    rows = [row for row in queries.members(here.organisation) if row.pk != here.membership.pk]
    accounts = queries.accounts_of(rows)
    called = [(str(row.pk), accounts[row.subject_id].called) for row in rows if row.subject_id in accounts]
    return sorted(called, key=lambda choice: choice[1].casefold())


@require_POST
@member(Permission.HAND_OVER)
@recently_confirmed
def take_back(request: HttpRequest, here: Here) -> HttpResponse:
    """Withdraw the offer."""
    ownership.withdraw(here.organisation.pk, actor=here.actor, now=here.now)
    messages.success(request, _("The offer is taken back. You stay the owner."))
    return redirect("site:organisation_settings", here.organisation.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@member()
@recently_confirmed
def take_over(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what becoming the owner means; accept or decline."""
    if request.method != "POST":
        offer = queries.handover(here.organisation, now=here.now)
        mine = offer if offer is not None and offer.subject_id == here.membership.subject_id else None
        context = {"here": here, "offer": mine}
        return render(request, "site/organisations/take_over.html", context, status=200 if mine else 404)
    answer, told = (
        (ownership.accept, _("You own this organisation now."))
        if request.POST.get("answer") == "accept"
        else (ownership.decline, _("You declined. Nothing has changed."))
    )
    try:
        answer(here.organisation.pk, actor=here.actor, now=here.now)
    except HandoverRefused as refused:
        messages.error(request, words.of(refused))
    else:
        messages.success(request, told)
    return redirect("site:organisation", here.organisation.pk)
