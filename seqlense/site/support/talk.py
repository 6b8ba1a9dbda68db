"""A conversation as its author sees it, whichever way they came in."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from seqlense.accounts import doors
from seqlense.documents import handing_out
from seqlense.documents.errors import DocumentError
from seqlense.documents.receiving import Files
from seqlense.privacy import switches
from seqlense.privacy.actor import Actor
from seqlense.support import doors as room
from seqlense.support import queries, speaking, words
from seqlense.support.attaching import Reply, sent
from seqlense.support.models import ACTIVITY, Request


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the person came here. here: address of the page; close: of closing; file: gives that of a file."""

    here: str
    close: str
    file_url: str
    token: str = ""


def page(request: HttpRequest, found: Request, way: Way) -> HttpResponse:
    """Read, and write again."""
    form = Reply(request.POST or None, now=doors.moment(request))
    if request.method == "POST":

        def verb(identifier: UUID, files: Files) -> Request:
            return speaking.reply(
                found.pk,
                form.cleaned_data["message"],
                identifier=identifier,
                files=files.arrived,
                actor=Actor.person(found.subject_id),
                now=doors.moment(request),
            )

        if sent(request, form, verb) is not None:
            messages.success(request, _("Your message is with us."))
            return redirect(way.here)
    return _shown(request, found, way, form)


def _shown(request: HttpRequest, found: Request, way: Way, form: Reply) -> HttpResponse:
    context = {
        "found": found,
        "goes_on": queries.goes_on(found),
        "conversation": queries.conversation(found),
        "way": way,
        "form": form,
        "limited": switches.barred(found.subject_id, ACTIVITY) is not None,
    }
    template = "site/support/by_link.html" if way.token else "site/support/mine.html"
    return render(request, template, context, status=422 if form.errors else 200)


def closed(request: HttpRequest, found: Request, way: Way) -> HttpResponse:
    """The person says that it is settled."""
    speaking.close(found.pk, actor=Actor.person(found.subject_id), now=doors.moment(request))
    messages.success(request, _("Closed. Writing here opens it again."))
    return redirect(way.here)


def file(request: HttpRequest, found: Request, identifier: UUID, way: Way) -> HttpResponseBase:
    """One of the files, to keep."""
    try:
        return handing_out.response(room.attachment(found, identifier))
    except DocumentError as refused:
        messages.error(request, words.of(refused))
        return redirect(way.here)
