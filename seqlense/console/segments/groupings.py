"""Groupings: staff ask for one, a worker computes it, staff read what the groups share."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from seqlense.audience.segments import grouping
from seqlense.audience.segments.errors import InvalidRule
from seqlense.audience.segments.models import ACTIVITY, Grouping
from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, staff
from seqlense.console.segments import words
from seqlense.console.segments.forms import GroupingForm
from seqlense.privacy import features


@staff(PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def new_grouping(request: HttpRequest) -> HttpResponse:
    """Have a worker group people by what they have in common."""
    form = GroupingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = grouping.ask(said["chosen"], said["number"], actor=actor(request), now=moment(request))
        except InvalidRule as refused:
            form.add_error(None, str(words.of(refused)))
        else:
            messages.success(request, _("A worker computes it. This page shows how far it is."))
            return redirect("console:grouping", made.pk)
    context = {"form": form}
    return render(request, "console/segments/grouping_new.html", context, status=422 if form.errors else 200)


@staff(PLATFORM, OFFICER)
@require_safe
def grouping_page(request: HttpRequest, grouping: UUID) -> HttpResponse:
    """Each group: how many people, what they share more than others, and the rule that it proposes."""
    row = Grouping.objects.filter(pk=grouping).first()
    if row is None:
        raise Http404
    offered = features.offered(ACTIVITY)
    context = {
        "grouping": row,
        "by": [offered[key].label for key in row.features if key in offered],
        "groups": _groups(row),
        "reason": words.of_code(row.code) if row.code else "",
        "writes": may(person(request), PLATFORM),
    }
    return render(request, "console/segments/grouping.html", context)


def _groups(row: Grouping) -> list[tuple[grouping.Group, list[list[object]]]]:
    return [(one, [list(part) for part in one.rule.said(ACTIVITY)]) for one in grouping.proposed(row)]
