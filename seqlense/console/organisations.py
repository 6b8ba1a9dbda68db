"""Organisations as the platform's staff see them, and deleting one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, recently_confirmed, staff
from seqlense.console.pages import Slices, page_of
from seqlense.organisations import closing, directory
from seqlense.organisations.errors import NotFound


@staff(PLATFORM, OFFICER)
def organisations_page(request: HttpRequest) -> HttpResponse:
    """All organisations by name; a company's name may stand in the page's address, a person's may not."""
    matching = request.GET.get("name", "").replace("\0", "").strip()[:120]
    rows = Slices(
        number=lambda: directory.number(matching),
        rows=lambda first, last: directory.listing(matching, first=first, last=last),
    )
    return render(
        request, "console/organisations.html", {"page": page_of(request, rows), "matching": matching}
    )


@staff(PLATFORM, OFFICER)
def organisation_page(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """One organisation: dates, seats without names, what waits."""
    context = {"record": _record(organisation), "may_delete": may(person(request), PLATFORM)}
    return render(request, "console/organisation.html", context)


@staff(PLATFORM)
@recently_confirmed
def delete_organisation(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """The consequences; then, on the button, deletion at once."""
    record = _record(organisation)
    if request.method != "POST":
        return render(request, "console/organisation_delete.html", {"record": record})
    closing.delete(organisation, actor=actor(request), now=moment(request))
    messages.success(request, _("The organisation is deleted, with its memberships and invitations."))
    return redirect("console:organisations")


def _record(organisation: UUID) -> directory.Record:
    try:
        return directory.record(organisation)
    except NotFound:
        raise Http404 from None
