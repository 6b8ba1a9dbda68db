"""One request: what was said, what staff noted, and the answer."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seqlense.accounts.models import account_of
from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, staff
from seqlense.console.inbox.forms import NOBODY, AssignForm, CustomerForm, NoteForm, RightForm
from seqlense.documents import handing_out
from seqlense.documents.errors import DocumentError
from seqlense.documents.receiving import Files, takes_files
from seqlense.organisations import doors as organisations
from seqlense.privacy.access.readable import RIGHTS
from seqlense.support import doors, handling, queries, words
from seqlense.support.attaching import CONTROL, Reply, sent
from seqlense.support.errors import NotFound, SupportError
from seqlense.support.models import Request
from seqlense.support.texts import LONGEST

NOTED_FOR: Final = 30 * 60
"""Seconds that one note of the reading covers; going back and forth isn't a new reading."""
READING: Final = "support-reading"
TOO_LARGE: Final = 413


class Answer(Reply):
    """An answer, to the request as it was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    message = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=4 * LONGEST["message"],
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": words.WORDS["support.message.empty"], **CONTROL},
    )
    field_order = ("ticket", "seen", "message", "attached", "whole")

    def again(self) -> None:
        """Somebody wrote meanwhile: what is shown now is what the next try answers."""
        super().again()
        self.data = {**self.data, "seen": str(self.fields["seen"].initial)}


def opened(request: HttpRequest, request_id: UUID) -> Request:
    """The request, its reading noted unless it just was. Raises Http404."""
    now = moment(request)
    before = request.session.get(READING) or {}
    known = before.get("request") == str(request_id)
    try:
        if known and 0 <= now.timestamp() - before.get("at", 0) < NOTED_FOR:
            return doors.for_staff(request_id)
        found = handling.read(request_id, actor=actor(request), now=now)
    except NotFound:
        raise Http404 from None
    request.session[READING] = {"request": str(request_id), "at": int(now.timestamp())}
    return found


def too_large(request: HttpRequest, *_args: object, **_named: object) -> HttpResponse:
    """More than is ever read."""
    return render(request, "console/inbox/too_large.html", status=TOO_LARGE)


@staff(PLATFORM, OFFICER)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes_files(too_large)
def conversation(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """All of it, and the form to answer."""
    found = opened(request, request_id)
    form = Answer(request.POST or None, now=moment(request), initial={"seen": found.revision})
    form.fields["seen"].initial = found.revision
    if request.method == "POST":

        def verb(identifier: UUID, files: Files) -> Request:
            return handling.answer(
                found.pk,
                form.cleaned_data["message"],
                seen=form.cleaned_data["seen"],
                identifier=identifier,
                files=files.arrived,
                actor=actor(request),
                now=moment(request),
            )

        if sent(request, form, verb) is not None:
            messages.success(
                request, _("Your answer is there. A mail tells the person, without a word of it.")
            )
            return redirect("console:inbox_request", request_id)
    return render(request, "console/inbox/one.html", _context(request, found, form), status=_status(form))


@staff(PLATFORM, OFFICER)
@sensitive_post_parameters()
@require_POST
@never_cache
def note(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Note something among staff; a note that isn't taken is given back."""
    found, form = opened(request, request_id), NoteForm(request.POST)
    if form.is_valid():
        try:
            handling.note(found.pk, form.cleaned_data["note"], actor=actor(request), now=moment(request))
        except SupportError as refused:
            form.add_error("note", words.of(refused))
        else:
            messages.success(request, _("Noted."))
            return redirect("console:inbox_request", request_id)
    answer = Answer(now=moment(request), initial={"seen": found.revision})
    context = _context(request, found, answer, form)
    return render(request, "console/inbox/one.html", context, status=_status(form))


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200


def _context(
    request: HttpRequest, found: Request, form: Answer, noting: NoteForm | None = None
) -> dict[str, Any]:
    talk, notes = queries.conversation(found), queries.notes(found)
    authors = [*(one.author_id for one in talk), *(one.author_id for one in notes)]
    called = queries.called([found.assignee_id, *authors])
    return {
        "found": found,
        "goes_on": queries.goes_on(found),
        "said": [(one, _named(called, one.author_id)) for one in talk],
        "noted": [(one, _named(called, one.author_id)) for one in notes],
        "assignee": _named(called, found.assignee_id),
        "account": account_of(found.subject_id),
        "form": form,
        "note_form": noting or NoteForm(),
        **_forms(found),
        "right_in_words": RIGHTS[found.right.kind] if found.right else "",
        "today": moment(request).date(),
        "officer": may(person(request), OFFICER),
    }


def _forms(found: Request) -> dict[str, forms.Form]:
    """Of what can be done with it, beside answering and noting."""
    return {
        "assign_form": AssignForm(
            team=queries.team(), initial={"to": str(found.assignee_id or NOBODY), "seen": found.revision}
        ),
        "customer_form": CustomerForm(
            homes=organisations.mine(found.subject_id),
            initial={"customer": str(found.customer_id or ""), "seen": found.revision},
        ),
        "right_form": RightForm(),
    }


def _named(called: Mapping[UUID, str], subject: UUID | None) -> str:
    return called.get(subject, "") if subject else ""


@staff(PLATFORM, OFFICER)
@require_safe
@never_cache
def download(request: HttpRequest, request_id: UUID, file: UUID) -> HttpResponseBase:
    """A file of the conversation, to keep."""
    found = opened(request, request_id)
    try:
        return handing_out.response(doors.attachment(found, file))
    except NotFound:
        raise Http404 from None
    except DocumentError as refused:
        messages.error(request, words.of(refused))
        return redirect("console:inbox_request", request_id)
