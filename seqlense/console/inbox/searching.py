"""Finding requests by their author's address or their reference; texts are sealed and can't be searched."""

import re
from collections.abc import Sequence
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from seqlense.console.doors import OFFICER, PLATFORM, actor, moment, staff
from seqlense.console.inbox.lines import lines
from seqlense.privacy import acts
from seqlense.privacy.errors import InvalidHandle
from seqlense.support import doors, queries
from seqlense.support.models import Request

REFERENCE: Final = re.compile(r"[0-9A-Fa-f]{6}")
MOST: Final = 50


class SearchForm(forms.Form):
    """What to look for. Sent in the body, so that neither address bar nor log holds it."""

    wanted = forms.CharField(
        label=_("Reference or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Give a reference of six characters, or a whole address.")},
    )


@staff(PLATFORM, OFFICER)
@require_POST
@never_cache
@sensitive_post_parameters("wanted")
def search_requests(request: HttpRequest) -> HttpResponse:
    """What that person asked, or what is called so. That staff searched is written down; for what is not."""
    form = SearchForm(request.POST)
    found: list[Request] = []
    now = moment(request)
    if form.is_valid():
        found = list(_found(form.cleaned_data["wanted"]))
        acts.record("support.searched", actor=actor(request), now=now, found=len(found))
    context = {"search": form, "lines": lines(found, now), "searched": form.is_valid(), "most": MOST}
    return render(request, "console/inbox/found.html", context, status=422 if form.errors else 200)


def _found(wanted: str) -> Sequence[Request]:
    if REFERENCE.fullmatch(wanted):
        return doors.listed(queries.called_by(wanted)[:MOST])
    try:
        return doors.listed(queries.of_address(wanted)[:MOST])
    except InvalidHandle:
        return []
