"""One member: role, removal; and leaving."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from seqlense.accounts.doors import recently_confirmed
from seqlense.organisations import departures, members, queries
from seqlense.organisations.errors import ChangedMeanwhile, OwnerStays
from seqlense.organisations.models import Membership
from seqlense.organisations.roles import Permission, Role
from seqlense.site.organisations import words
from seqlense.site.organisations.doors import Here, member
from seqlense.site.organisations.forms import ChangingRole


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.MANAGE)
@recently_confirmed
def role(request: HttpRequest, here: Here, membership: UUID) -> HttpResponse:
    """Change a member's role."""
    found = queries.member(here.organisation, membership)
    form = ChangingRole(
        request.POST or None, giver=here.membership, initial={"role": found.role, "seen": found.role}
    )
    if request.method == "POST" and form.is_valid():
        wanted, seen = Role(form.cleaned_data["role"]), form.cleaned_data["seen"]
        try:
            members.change_role(
                here.organisation.pk, membership, role=wanted, seen=seen, actor=here.actor, now=here.now
            )
        except ChangedMeanwhile as refused:
            form = ChangingRole(giver=here.membership, initial={"role": found.role, "seen": found.role})
            return _role_page(request, here, found, form, problem=words.of(refused))
        messages.success(request, _("The role is changed. We write to the member to say so."))
        return redirect("site:organisation", here.organisation.pk)
    return _role_page(request, here, found, form)


def _role_page(
    request: HttpRequest, here: Here, found: Membership, form: ChangingRole, *, problem: str = ""
) -> HttpResponse:
    context = {
        "here": here,
        "member": found,
        "account": queries.account_of_member(found),
        "form": form,
        "problem": problem,
        "governed": here.governs(found),
    }
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "site/organisations/member.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.MANAGE)
@recently_confirmed
def remove(request: HttpRequest, here: Here, membership: UUID) -> HttpResponse:
    """Show what removing a member takes away; then do it."""
    found = queries.member(here.organisation, membership)
    if request.method == "POST":
        members.remove(here.organisation.pk, membership, actor=here.actor, now=here.now)
        messages.success(request, _("The member is removed. We write to them to say so."))
        return redirect("site:organisation", here.organisation.pk)
    context = {
        "here": here,
        "member": found,
        "account": queries.account_of_member(found),
        "governed": here.governs(found),
        "account_goes": bool(departures.only_here([found])),
    }
    return render(request, "site/organisations/remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(closed=True)
@recently_confirmed
def leave(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what leaving takes away; then do it."""
    if request.method == "POST":
        try:
            members.leave(here.organisation.pk, actor=here.actor, now=here.now)
        except OwnerStays:
            return render(request, "site/organisations/leave.html", {"here": here, "owner": True}, status=409)
        messages.success(request, _("You have left “%(name)s”.") % {"name": here.organisation.name})
        return redirect("site:organisations")
    owner = here.membership.role == Role.OWNER
    return render(request, "site/organisations/leave.html", {"here": here, "owner": owner})
