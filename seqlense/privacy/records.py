"""What the kernel writes down about its own work.

None of these rows holds a name, an address or anything else that a person could be read from: opaque ids,
codes and dates only. The one exception is `Archived`, which keeps columns as they were, sealed ones sealed.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from seqlense.kit.identifiers import uuid7
from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedTextField


class ListOf(models.Field):  # type: ignore[type-arg]  # generic in the stubs only
    """A PostgreSQL array of "uuid" or "text". Django's own asks for one more installed app."""

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**options)

    def db_type(self, connection: object) -> str:
        """The column's type."""
        return f"{self.of}[]"

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, arguments, options = super().deconstruct()
        return name, path, [self.of, *arguments], options


class RegisterVersion(models.Model):
    """One version of the register that ran, with its whole content, from when it did."""

    version = models.CharField(max_length=128, primary_key=True)
    running_since = models.DateTimeField()
    content: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        ordering = ["-running_since"]


class Act(models.Model):
    """A proof row: who did what under which register. A trigger refuses change and deletion.

    Another trigger writes its leaf (`log`): a digest of its content and of `salt`, which stays in clear in
    acts about nobody only. opening: the salt sealed under the person's key, with which it goes; empty where
    what is left of it is kept by the request that the act answered, if at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=80, db_index=True)
    actor_kind = models.CharField(max_length=20)
    actor_part = models.CharField(max_length=40, default="", blank=True)
    actor_subject = models.UUIDField(null=True)
    subject = models.UUIDField(null=True, db_index=True)
    register_version = models.CharField(max_length=128)
    detail: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    salt = models.BinaryField(null=True)
    opening = models.BinaryField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """The detail's names and values: in a template, `detail.items` is what an erasure calls so."""
        return list(self.detail.items())


class StaffAct(SubjectRow):
    """That a member of staff read or changed somebody's data, and the reason that they typed (sealed).

    subject: whose data it was. author: who did it.
    """

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=80)
    author = models.UUIDField(null=True)
    reason = SealedTextField(max_length=500)

    class Meta(SubjectRow.Meta):
        ordering = ["-at"]

    subject_id: UUID


class HoldQuerySet(models.QuerySet["Hold"]):
    """Questions about holds."""

    def active(self, now: datetime) -> "HoldQuerySet":
        """Holds that haven't ended by then."""
        return self.filter(placed_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))


class Hold(models.Model):
    """What stops deletion about one person, in one activity or ("") in all, until it ends or is lifted."""

    class Reason(models.TextChoices):
        """Why; a code, so that nothing personal is written here."""

        LITIGATION = "litigation"
        AUTHORITY = "authority"
        CLAIM = "claim"
        INVESTIGATION = "investigation"
        LIMITED = "limited"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.DB_CASCADE, related_name="+")
    activity = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    placed_at = models.DateTimeField()
    placed_by = models.UUIDField(null=True)
    ends_at = models.DateTimeField(null=True, db_index=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]

    subject_id: UUID


class RightsRequest(models.Model):
    """A request a person made, what was decided about each item, and when an answer is due.

    proof: the salt of the act that answered it (in hexadecimal): while the register keeps the request, the
    log proves the answer, even when the person's keys are gone.
    """

    class Kind(models.TextChoices):
        """The right used, GDPR art. 15 to 21 and 7(3)."""

        ACCESS = "access"
        RECTIFICATION = "rectification"
        ERASURE = "erasure"
        RESTRICTION = "restriction"
        PORTABILITY = "portability"
        OBJECTION = "objection"
        WITHDRAWAL = "withdrawal"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.DB_CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.CharField(max_length=20, default="product")
    received_at = models.DateTimeField()
    due_on = models.DateField()
    extended_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, db_index=True)
    outcome: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    proof = models.CharField(max_length=64, default="", blank=True)
    register_version = models.CharField(max_length=128)

    class Meta:
        ordering = ["-received_at"]

    subject_id: UUID


class Archived(models.Model):
    """Columns of one governed row, out of ordinary reach until their date.

    `values` holds field → value, sealed columns still sealed (as hexadecimal); a date counts from `event_at`
    under the running register's rule for `event`; `law` tells if that is a duty to keep. Without event it
    is what an erasure left for a hold only.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.DB_CASCADE, null=True, related_name="+")
    activity = models.CharField(max_length=80)
    model = models.CharField(max_length=100)
    row = models.CharField(max_length=64)
    event = models.CharField(max_length=80, default="")
    event_at = models.DateTimeField()
    law = models.BooleanField(default=False)
    items = ListOf("text")
    values: "models.JSONField[Any, Any]" = models.JSONField()
    archived_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["activity", "event", "event_at"], name="privacy_archived_due")]

    subject_id: UUID | None


class KeyDestruction(models.Model):
    """Keys to destroy, written in the transaction that made them useless; gone when it is done.

    Every one of `subjects` loses its key of every one of `activities`: with `erased` whatever is left under
    it, else only if nothing is. With `handles`, nothing finds these people any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(db_index=True)
    subjects = ListOf("uuid")
    activities = ListOf("text")
    erased = models.BooleanField(default=False)
    handles = models.BooleanField(default=False)


class RetentionRun(models.Model):
    """One sweep: when, under which register, what it deleted, and how it ended."""

    class Status(models.TextChoices):
        """How far it got."""

        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    dry_run = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    code = models.CharField(max_length=40, default="", blank=True)
    register_version = models.CharField(max_length=128)
    counts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at"]

    @property
    def rows(self) -> int:
        """How many rows it deleted, cleared or archived, or would have."""
        return sum(sum(by_outcome.values()) for by_outcome in self.counts.values())

    def took(self) -> float | None:
        """Seconds from start to end; None while it runs or when it was interrupted."""
        finished: datetime | None = self.finished_at
        return (finished - self.started_at).total_seconds() if finished else None


class Person(models.Model):
    """A person of the project's own model ("auth.User" and its key), as a subject."""

    subject = models.OneToOneField(
        "privacy.Subject", on_delete=models.DB_CASCADE, primary_key=True, related_name="+"
    )
    model = models.CharField(max_length=100)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="privacy_person_once")]

    subject_id: UUID
