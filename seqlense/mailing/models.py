"""What waits to be sent, by opaque ids only, and what could not be sent, without anybody's name."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from seqlense.kit.identifiers import uuid7
from seqlense.privacy.models import Subject

LIFE: Final = timedelta(hours=72)
LEASE: Final = timedelta(minutes=5)
"""How long one attempt may take before the message is anybody's again; longer than a whole conversation."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=4)


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about what waits."""

    def free(self, now: datetime) -> "MessageQuerySet":
        """Nobody is sending them. A lease longer than leases are comes from a clock that was moved back."""
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=now) | Q(leased_until__gt=now + LEASE)
        )

    def overdue(self, now: datetime, *, by: timedelta) -> "MessageQuerySet":
        """Their time came long enough ago that their task must have been lost."""
        return self.free(now).filter(Q(due_at__lte=now - by) | Q(due_at__gt=now + LONGEST_PAUSE))

    def claim(self, identifier: UUID, *, now: datetime) -> "Message | None":
        """Take one for an attempt; None when it is gone or somebody else is at it."""
        mine = self.free(now).filter(pk=identifier)
        taken = mine.update(leased_until=now + LEASE, attempts=F("attempts") + 1)
        return self.select_related("subject").filter(pk=identifier).first() if taken else None


class Message(models.Model):
    """A message to be sent. The row goes when the mail server takes it, and after 72 hours in any case.

    `about` is the id of the row that the message speaks of, known to the template that posted it. `last_code`
    says in our words why the last attempt failed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.DB_CASCADE, related_name="+")
    template = models.CharField(max_length=100)
    about = models.UUIDField()
    language = models.CharField(max_length=10)
    posted_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    last_code = models.CharField(max_length=60, default="", blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="mailing_message_due")]

    def next_attempt(self, now: datetime) -> datetime:
        """Pauses double from one minute (greylisting lifts soon) to four hours, until the end of life."""
        pause: timedelta = min(FIRST_PAUSE * 2 ** min(self.attempts - 1, 20), LONGEST_PAUSE)
        return min(now + pause, self.expires_at)


class DeadLetter(models.Model):
    """That a message could not be sent, and why: codes, no person. Kept 30 days for the operator."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.UUIDField()
    template = models.CharField(max_length=100)
    code = models.CharField(max_length=60)
    status = models.CharField(max_length=20, default="", blank=True)
    attempts = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_index=True)
