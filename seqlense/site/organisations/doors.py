"""The way into an organisation's pages. Every view under an organisation's address goes through `member`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from seqlense.accounts import doors
from seqlense.accounts.models import Account
from seqlense.organisations import roles
from seqlense.organisations.acting import look
from seqlense.organisations.errors import Closed, NotAllowed, NotFound
from seqlense.organisations.models import Membership, Organisation
from seqlense.organisations.roles import Permission, Role
from seqlense.privacy.actor import Actor

FOLDER = "site/organisations"


@dataclass(frozen=True, kw_only=True)
class Here:
    """Who looks at which organisation, and when."""

    account: Account
    actor: Actor
    now: datetime
    organisation: Organisation
    membership: Membership

    @property
    def may(self) -> dict[str, bool]:
        """Permission → whether this member has it; for templates."""
        return {permission.value: self.membership.may(permission) for permission in Permission}

    def governs(self, other: Membership) -> bool:
        """Whether this member may change or end that other's membership."""
        return other.pk != self.membership.pk and roles.governs(self.membership.role, other.role)


type Page = Callable[..., HttpResponseBase]


def member(permission: Permission = Permission.SEE, *, closed: bool = False) -> Callable[[Page], Page]:
    """Let in members whose role has that permission, and, unless `closed`, only while the organisation is
    open.

    Others see why not, and who could: a stranger the same as where nothing exists. Where the organisation
    demands a second factor, whoever didn't show one in this session is led to it, or to setting one up. The
    view is called with `here`.
    """

    def decorate(view: Page) -> Page:
        @wraps(view)
        def opened(request: HttpRequest, organisation: UUID, **named: Any) -> HttpResponseBase:
            account = doors.person(request)
            try:
                found = look(organisation, account.subject_id)
            except NotFound:
                return missing(request)
            here = Here(
                account=account,
                actor=doors.actor(request),
                now=doors.moment(request),
                organisation=found.organisation,
                membership=found.membership,
            )
            return _barred(request, here, permission, closed=closed) or _run(
                view, request, here, permission, named
            )

        return opened

    return decorate


def _barred(request: HttpRequest, here: Here, permission: Permission, *, closed: bool) -> HttpResponse | None:
    if here.organisation.second_factor_since is not None and not doors.strongly(request):
        wanted = reverse("site:organisation", args=[here.organisation.pk])
        return redirect(doors.second_factor_first(wanted))
    if here.organisation.closed_at is not None and not closed:
        return shut(request, here)
    return None if here.membership.may(permission) else forbidden(request, here, permission)


def _run(
    view: Page, request: HttpRequest, here: Here, permission: Permission, named: dict[str, Any]
) -> HttpResponseBase:
    try:
        return view(request, here, **named)
    except NotFound:
        return missing(request)
    except Closed:  # closed since the page was opened
        return shut(request, here)
    except NotAllowed:  # the role, or the other's, changed since
        return forbidden(request, here, permission)


def missing(request: HttpRequest) -> HttpResponse:
    """Nothing here, or nothing for you: the page doesn't say which."""
    return render(request, f"{FOLDER}/missing.html", status=404)


def shut(request: HttpRequest, here: Here) -> HttpResponse:
    """The organisation is closed: since when, until when, what can be done."""
    return render(request, f"{FOLDER}/closed.html", {"here": here}, status=403)


def forbidden(request: HttpRequest, here: Here, permission: Permission) -> HttpResponse:
    """The role doesn't permit it: says what, and who can."""
    able = [role for role in Role if roles.may(role, permission)]
    return render(
        request,
        f"{FOLDER}/forbidden.html",
        {"here": here, "permission": permission, "able": able},
        status=403,
    )
