"""The inbox: whose turn it is, how long that has lasted, who sees to it."""

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seqlense.console.doors import OFFICER, PLATFORM, actor, moment, person, staff
from seqlense.console.inbox.lines import lines
from seqlense.console.inbox.searching import SearchForm
from seqlense.console.pages import Slices, page_of
from seqlense.privacy import acts
from seqlense.support import doors, queries
from seqlense.support.models import State

ALL: Final = "all"
MINE: Final = "mine"
SEVERAL: Final = {
    State.NEW: pgettext_lazy("requests", "New"),
    State.OURS: State.OURS.label,
    State.THEIRS: State.THEIRS.label,
    State.CLOSED: pgettext_lazy("requests", "Closed"),
}


class FilterForm(forms.Form):
    """Which requests to show."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[(ALL, _("all")), *[(one.value, one.label) for one in State if one is not State.UNCONFIRMED]],
    )
    whose = forms.ChoiceField(label=_("Who sees to it"), choices=[(ALL, _("anybody")), (MINE, _("me"))])


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
        "search": SearchForm(),
        "page": page,
        "lines": lines(list(page), now),
        "numbers": [(one, SEVERAL[one], number) for one, number in queries.numbers().items()],
        "chosen": chosen,
        "out_of_reach": queries.out_of_reach(),
    }
    return render(request, "console/inbox/inbox.html", context)
