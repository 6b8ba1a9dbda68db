"""Your organisations, a new one, and the first page of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from seqlense.accounts import doors
from seqlense.accounts.models import Account
from seqlense.audience.promotions.slots import Slot
from seqlense.organisations import answers, founding, queries
from seqlense.organisations import doors as wall
from seqlense.organisations.errors import InvalidName, NotFound, TooMany
from seqlense.organisations.models import Membership
from seqlense.organisations.roles import TABLE, Permission, Role
from seqlense.site.organisations import words
from seqlense.site.organisations.doors import Here, member
from seqlense.site.organisations.forms import Founding
from seqlense.site.promotions.cards import card_of

PAGE = 50


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Those that the person belongs to, and invitations that wait for an answer."""
    account = doors.person(request)
    mine, offers = wall.standing(account.subject_id, now=doors.moment(request))
    waiting = [(offer, answers.token(offer.organisation, offer.invitation)) for offer in offers]
    context = {"mine": mine, "waiting": waiting, "promotion": card_of(request, Slot.ORGANISATIONS)}
    return render(request, "site/organisations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Found an organisation."""
    form = Founding(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            founded = founding.found(
                **form.cleaned_data,
                account=doors.person(request),
                actor=doors.actor(request),
                now=doors.moment(request),
            )
        except (InvalidName, TooMany) as refused:
            form.add_error("name", words.of(refused))
        except NotFound:  # the page's identifier is taken: nothing of it is told
            form = Founding(initial={"name": form.cleaned_data["name"]})
        else:
            messages.success(request, _("“%(name)s” is created. You own it.") % {"name": founded.name})
            return redirect("site:organisation", founded.pk)
    return render(request, "site/organisations/new.html", {"form": form}, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Person:
    """A member as the others see them.

    account: None while it is being erased. editable: the viewer governs them.
    """

    membership: Membership
    account: Account | None
    editable: bool
    oneself: bool


@require_safe
@member(closed=True)
def organisation(request: HttpRequest, here: Here) -> HttpResponse:
    """Its people, their roles, and what the viewer can do."""
    page = Paginator(queries.members(here.organisation), PAGE).get_page(request.GET.get("page"))
    context = {
        "here": here,
        "page": page,
        "people": _people(page, here),
        "offer": queries.handover(here.organisation, now=here.now),
        "waiting": queries.waiting(here.organisation, now=here.now),
    }
    return render(request, "site/organisations/organisation.html", context)


def _people(page: Page[Membership], here: Here) -> Iterable[Person]:
    accounts = queries.accounts_of(page)
    for row in page:
        yield Person(
            membership=row,
            account=accounts.get(row.subject_id),
            editable=here.governs(row),
            oneself=row.pk == here.membership.pk,
        )


@require_safe
@member(closed=True)
def permissions(request: HttpRequest, here: Here) -> HttpResponse:
    """Who may do what: the very table that decides."""
    rows = [(one, [(role, one in TABLE[role]) for role in Role]) for one in Permission]
    return render(
        request, "site/organisations/permissions.html", {"here": here, "roles": list(Role), "rows": rows}
    )
