"""Forms with files, for both front doors: read, tried, and given back with everything typed where refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from seqlense.documents.errors import DocumentError
from seqlense.documents.examining import ACCEPT
from seqlense.documents.receiving import ALTOGETHER, LARGEST, MOST, Files, files_of
from seqlense.kit.addresses import InvalidAddress
from seqlense.support import tickets, words
from seqlense.support.errors import FormRefused, SupportError, TextRefused
from seqlense.support.models import Request
from seqlense.support.texts import LONGEST

CONTROL: Final = {"null_characters_not_allowed": words.WORDS["support.message.control"]}


class SeveralFiles(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class Attaching(forms.Form):
    """A form with files, a ticket, and a last field by which one knows that all of it arrived.

    The files themselves never come here: they are received sealed, by `documents`.
    """

    ticket = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    attached = forms.FileField(
        label=_("Files"),
        required=False,
        help_text=_(
            "Five at most, 10 MB each and 20 MB together: PDF, pictures (PNG, JPEG, WebP), text, CSV, "
            "documents and spreadsheets without macros. They are encrypted as they arrive."
        ),
        widget=SeveralFiles(
            attrs={
                "accept": ACCEPT,
                "multiple": True,
                "data-most": MOST,
                "data-largest": LARGEST,
                "data-altogether": ALTOGETHER,
                "data-words": _("Too many or too large: five files, 10 MB each, 20 MB together at most."),
            }
        ),
    )
    whole = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1, initial="1")

    def __init__(self, *args: Any, now: datetime, **named: Any) -> None:
        super().__init__(*args, **named)
        self.now = now
        self.fields["ticket"].initial = tickets.issue(now=now)

    def admitted(self, *, fastest: timedelta = tickets.FASTEST) -> UUID:
        """The identifier that its ticket holds. Raises FormRefused: cut, decoy, fast, old, forged."""
        if self.cleaned_data["whole"] != "1":
            raise FormRefused("support.form.cut")
        if self.cleaned_data.get("website"):
            raise FormRefused("support.form.decoy")
        return tickets.read(self.cleaned_data["ticket"], now=self.now, fastest=fastest)

    def again(self) -> None:
        """To be shown once more, with what was typed. A ticket that no longer holds is replaced."""
        data = dict(self.data.items())
        try:
            tickets.read(data.get("ticket", ""), now=self.now, fastest=timedelta())
        except FormRefused:
            data["ticket"] = tickets.issue(now=self.now)
        data["whole"], data["website"] = "1", ""
        self.data = data


class Reply(Attaching):
    """One more message."""

    message = forms.CharField(
        label=_("Your message"),
        max_length=4 * LONGEST["message"],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": words.WORDS["support.message.empty"], **CONTROL},
    )
    field_order: tuple[str, ...] = ("ticket", "message", "attached", "whole")


def sent(request: HttpRequest, form: Attaching, verb: Callable[[UUID, Files], Request]) -> Request | None:
    """What the verb made of it; None where the form must be shown again, with what is wrong.

    verb: called with the ticket's identifier and the files.
    """
    files = files_of(request)
    for name, refused in files.refused:
        form.add_error("attached", words.of_file(name, refused))
    if form.is_valid():
        try:
            return verb(form.admitted(), files)
        except TextRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, words.of(refused))
        except InvalidAddress:
            form.add_error("email", words.ADDRESS)
        except (SupportError, DocumentError) as refused:
            form.add_error(None, words.of(refused))
    if told := words.without_files(len(files.arrived)):
        form.add_error("attached", told)
    form.again()
    return None
