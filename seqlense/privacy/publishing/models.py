"""Published versions of the notices, how far telling people of each has come, and what people answered."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from seqlense.kit.identifiers import uuid7
from seqlense.privacy.records import ListOf
from seqlense.privacy.rows import SubjectRow


class NoticeVersionQuerySet(models.QuerySet["NoticeVersion"]):
    """Questions about versions."""

    def light(self) -> "NoticeVersionQuerySet":
        """Without the texts, which are long."""
        return self.defer("documents")

    def latest_first(self) -> "NoticeVersionQuerySet":
        """As lists show them."""
        return self.order_by("-number")


class NoticeVersion(models.Model):
    """One published version of the three notices, as people read it. A trigger refuses change and deletion.

    number: 1, 2, 3... register_version: what they were drawn from. documents: language → kind → text, as
    `documents.stored` has it; content_hash: its SHA-256. difference: from the version before, as
    `weighing.stored` has it. explanation: language → words of whoever published. concerned: how many people
    the difference concerned then. published_by: None for the system.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    register_version = models.CharField(max_length=128)
    content_hash = models.CharField(max_length=64)
    documents: "models.JSONField[Any, Any]" = models.JSONField()
    difference: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    explanation: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    concerned = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(db_index=True)
    effective_from = models.DateField()
    published_by = models.UUIDField(null=True)

    objects = NoticeVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]

    def said(self, language: str) -> str:
        """The word of explanation in that language; "" where there is none."""
        return str(self.explanation.get(language, ""))

    def in_force(self, day: date) -> bool:
        """Whether its date of effect has come."""
        return self.effective_from <= day


class Telling(models.Model):
    """How people are told of one version, and how far that has come: counts, never a list of people.

    activities: whose people are concerned. banner: signed-in people see it. mail: those with an address are
    written to, in the order of their ids; `last` is the last one looked at, `looked` how many were, `posted`
    how many messages were posted.
    """

    version = models.OneToOneField(
        NoticeVersion, on_delete=models.DB_CASCADE, primary_key=True, related_name="telling"
    )
    activities = ListOf("text")
    banner = models.BooleanField()
    mail = models.BooleanField()
    last = models.UUIDField(null=True)
    looked = models.PositiveIntegerField(default=0)
    posted = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, db_index=True)

    version_id: UUID

    @property
    def ended(self) -> datetime | None:
        """When the last message was posted, or None while some wait."""
        return self.finished_at


class Told(SubjectRow):
    """That a message about a version was posted to somebody: once, whatever is stopped in the middle."""

    version = models.ForeignKey(NoticeVersion, on_delete=models.DB_CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta(SubjectRow.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "version"], name="publishing_told_once")
        ]

    subject_id: UUID
    version_id: UUID


class Acknowledgement(SubjectRow):
    """What somebody answered to a version and to all before it.

    activity: which change in the use of data was accepted or refused; "" for having read. shown: hash of the
    texts that were published.
    """

    class Kind(models.TextChoices):
        """The answer."""

        READ = "read"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    version = models.ForeignKey(NoticeVersion, on_delete=models.DB_CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    activity = models.CharField(max_length=80, default="", blank=True)
    at = models.DateTimeField(db_index=True)
    language = models.CharField(max_length=10)
    shown = models.CharField(max_length=64)

    class Meta(SubjectRow.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "version", "activity"], name="publishing_acknowledgement_once"
            )
        ]

    subject_id: UUID
    version_id: UUID
