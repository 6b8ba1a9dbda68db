"""The inbox: whose turn it is, how long that has lasted, who sees to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seqlense.console.doors import OFFICER, PLATFORM, actor, moment, person, staff
from seqlense.console.pages import Slices, page_of
from seqlense.privacy import acts
from seqlense.support import doors, queries
from seqlense.support.models import Request, State, age_in_days

ALL: Final = "all"
MINE: Final = "mine"


class FilterForm(forms.Form):
    """Which requests to show."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[(ALL, _("all")), *[(one.value, one.label) for one in State if one is not State.UNCONFIRMED]],
    )
    whose = forms.ChoiceField(label=_("Who sees to it"), choices=[(ALL, _("anybody")), (MINE, _("me"))])


@dataclass(frozen=True, kw_only=True)
class Line:
    """One request in the list. days: how long it has waited for us; late: too long."""

    request: Request
    assignee: str
    days: int
    waits: bool
    late: bool


def lines(found: Sequence[Request], now: datetime) -> list[Line]:
    """Each request as the list shows it; one statement for the names of all who see to them."""
    called = queries.called(one.assignee_id for one in found)
    made = []
    for one in found:
        waits = one.state in (State.NEW, State.OURS)
        line = Line(
            request=one,
            assignee=called.get(one.assignee_id, "") if one.assignee_id else "",
            days=age_in_days(one.wrote_at, now),
            waits=waits,
            late=waits and one.wrote_at < now - queries.SLOW,
        )
        made.append(line)
    return made


@staff(PLATFORM, OFFICER)
@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """What people ask, by subject; names and words are a page further. That staff looked is written down."""
    now = moment(request)
    form = FilterForm({"state": ALL, "whose": ALL} | request.GET.dict())
    form.is_valid()
    chosen = form.cleaned_data.get("state") or ALL
    rows = queries.inbox(
        State(chosen) if chosen != ALL else None,
        person(request).subject_id if form.cleaned_data.get("whose") == MINE else None,
    )
    page = page_of(
        request, Slices(number=rows.count, rows=lambda first, last: doors.listed(rows[first:last]))
    )
    acts.record("support.listed", actor=actor(request), now=now, found=len(page.object_list))
    context = {
        "form": form,
        "page": page,
        "lines": lines(list(page), now),
        "numbers": [(one, number) for one, number in queries.numbers().items()],
        "chosen": chosen,
        "out_of_reach": queries.out_of_reach(),
    }
    return render(request, "console/inbox/inbox.html", context)
