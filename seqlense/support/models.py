"""Requests for help, what was said about them, and the files that came along."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from seqlense.documents.models import Document
from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedEmailField, SealedTextField

ACTIVITY: Final = "support"


class State(models.TextChoices):
    """Whose turn it is; read from dates, kept nowhere."""

    UNCONFIRMED = "unconfirmed", _("Address not confirmed")
    NEW = "new", pgettext_lazy("request", "New")
    OURS = "ours", _("Waiting for us")
    THEIRS = "theirs", _("Waiting for them")
    CLOSED = "closed", pgettext_lazy("request", "Closed")


CONFIRMED: Final = Q(unverified_since=None)
OPEN: Final = CONFIRMED & Q(closed_at=None)
IN_STATE: Final = {
    State.UNCONFIRMED: Q(unverified_since__isnull=False),
    State.NEW: OPEN & Q(answered_at=None),
    State.OURS: OPEN & Q(answered_at__lt=F("wrote_at")),
    State.THEIRS: OPEN & Q(answered_at__gte=F("wrote_at")),
    State.CLOSED: CONFIRMED & Q(closed_at__isnull=False),
}
WAITING: Final = IN_STATE[State.NEW] | IN_STATE[State.OURS]
"""For an answer of ours."""


class Request(SubjectRow):
    """What somebody asks. The person is whoever has the address, which is proven before staff see anything.

    unverified_since: from when on it waits for that proof; None once it is there. wrote_at, answered_at: when
    the person, and when staff, last said something. revision: grows with everything said or decided, so that
    two of the staff can't answer past each other. assignee: the member of staff who sees to it. customer: the
    organisation that it is about. right: the request under the GDPR that it turned out to be.
    """

    email = SealedEmailField()
    name = SealedTextField(blank=True, default="")
    phone = SealedTextField(blank=True, default="")
    title = SealedTextField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField()
    unverified_since = models.DateTimeField(null=True)
    wrote_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    assignee = models.ForeignKey("privacy.Subject", on_delete=models.DB_SET_NULL, null=True, related_name="+")
    customer = models.ForeignKey(
        "organisations.Organisation", on_delete=models.DB_SET_NULL, null=True, related_name="+"
    )
    right = models.ForeignKey(
        "privacy.RightsRequest", on_delete=models.DB_SET_NULL, null=True, related_name="+"
    )

    class Meta(SubjectRow.Meta):
        ordering: ClassVar = ["-wrote_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["closed_at"], name="support_request_closed"),
            models.Index(fields=["unverified_since"], name="support_request_unverified"),
        ]

    subject_id: UUID
    assignee_id: UUID | None
    customer_id: UUID | None
    right_id: UUID | None

    @property
    def state(self) -> State:
        """Whose turn it is."""
        if self.unverified_since is not None:
            return State.UNCONFIRMED
        if self.closed_at is not None:
            return State.CLOSED
        if self.answered_at is None:
            return State.NEW
        return State.OURS if self.answered_at < self.wrote_at else State.THEIRS

    @property
    def reference(self) -> str:
        """What both sides can call it by without naming anybody."""
        return self.pk.hex[-6:].upper()


class Message(SubjectRow):
    """Something said: by the person, or by a member of staff. `author` is the latter's subject."""

    class By(models.TextChoices):
        """Who speaks."""

        PERSON = "person"
        STAFF = "staff"

    request = models.ForeignKey(Request, on_delete=models.DB_CASCADE, related_name="messages")
    by = models.CharField(max_length=8, choices=By)
    author = models.ForeignKey("privacy.Subject", on_delete=models.DB_SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    text = SealedTextField()

    class Meta(SubjectRow.Meta):
        ordering: ClassVar = ["at", "id"]

    author_id: UUID | None


class Note(SubjectRow):
    """What staff noted among themselves. No page shows it to the person; their copy of the data has it."""

    request = models.ForeignKey(Request, on_delete=models.DB_CASCADE, related_name="notes")
    author = models.ForeignKey("privacy.Subject", on_delete=models.DB_SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    text = SealedTextField()

    class Meta(SubjectRow.Meta):
        ordering: ClassVar = ["at", "id"]

    author_id: UUID | None


class Attachment(Document):
    """A file that came with a message."""

    request = models.ForeignKey(Request, on_delete=models.DB_CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.DB_CASCADE, related_name="attachments")

    message_id: UUID


def age_in_days(since: datetime, now: datetime) -> int:
    """Whole days gone by."""
    return max(0, (now - since).days)
