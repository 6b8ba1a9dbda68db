"""What staff do with a request besides answering. Each is sent from the request's page and leads back."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seqlense.console.doors import OFFICER, PLATFORM, actor, moment, staff
from seqlense.console.inbox.forms import AssignForm, CustomerForm, RightForm, Seen
from seqlense.organisations import doors as organisations
from seqlense.privacy.records import RightsRequest
from seqlense.support import doors, handling, queries, words
from seqlense.support.errors import NotFound, SupportError

type Doing = Callable[[HttpRequest, UUID], str]


def _act(doing: Doing) -> Callable[..., HttpResponseBase]:
    """The act says in words what was done; a refusal is said as well, and nothing was."""

    @staff(PLATFORM, OFFICER)
    @require_POST
    @wraps(doing)
    def view(request: HttpRequest, request_id: UUID) -> HttpResponse:
        try:
            done = doing(request, request_id)
        except NotFound:
            raise Http404 from None
        except SupportError as refused:
            messages.error(request, words.of(refused))
        else:
            (messages.success if done else messages.error)(request, done or _("That could not be done."))
        return redirect("console:inbox_request", request_id)

    return view


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": actor(request), "now": moment(request)}


@_act
def assign(request: HttpRequest, request_id: UUID) -> str:
    """Say who sees to it."""
    form = AssignForm(request.POST, team=queries.team())
    if not form.is_valid():
        return ""
    handling.assign(request_id, form.wish(), seen=form.cleaned_data["seen"], **_who(request))
    return _("Everybody of the staff sees now who sees to it.")


@_act
def close(request: HttpRequest, request_id: UUID) -> str:
    """It is settled."""
    form = Seen(request.POST)
    if not form.is_valid():
        return ""
    handling.close(request_id, seen=form.cleaned_data["seen"], **_who(request))
    return _("Closed. It goes in a year; a message of the person opens it again.")


@_act
def reopen(request: HttpRequest, request_id: UUID) -> str:
    """It isn't settled after all."""
    handling.reopen(request_id, **_who(request))
    return _("Open again.")


@_act
def customer(request: HttpRequest, request_id: UUID) -> str:
    """Say which customer it is about."""
    found = doors.for_staff(request_id)
    form = CustomerForm(request.POST, homes=organisations.mine(found.subject_id))
    if not form.is_valid():
        return ""
    handling.link_customer(request_id, form.wish(), seen=form.cleaned_data["seen"], **_who(request))
    return _("The customer is noted.")


@_act
def right_answered(request: HttpRequest, request_id: UUID) -> str:
    """The right was honoured."""
    handling.right_answered(request_id, **_who(request))
    return _("Noted as answered.")


@_act
def right(request: HttpRequest, request_id: UUID) -> str:
    """It is the use of a right under the GDPR."""
    form = RightForm(request.POST)
    if not form.is_valid():
        return ""
    handling.note_right(request_id, RightsRequest.Kind(form.cleaned_data["right"]), **_who(request))
    return _("Noted as the use of a right. The month to answer runs from the day the person wrote.")
