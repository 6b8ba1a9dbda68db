"""What the console keeps for itself: work it asked the worker for, and what those in charge were told."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.db import models

from seqlense.kit.identifiers import uuid7

KEPT: Final = timedelta(days=1)
"""How long a file that an errand made can be fetched."""


class Errand(models.Model):
    """Long work that staff asked for on a page and a worker does: its progress, and what came of it.

    given: what it is to be done with, names and dates of ours. reached, total: bytes; total 0 where nobody
    knows it beforehand. outcome: counts, codes and names, never personal data. code: why it failed, or "".
    Who asked is in the trail of acts.
    """

    class Kind(models.TextChoices):
        """What is to be done."""

        BACKUP = "backup"
        VERIFY_BACKUPS = "verify_backups"
        VERIFY_LOG = "verify_log"
        EVIDENCE = "evidence"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    given: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    asked_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reached = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    outcome: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    code = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]

    @property
    def ends_at(self) -> datetime | None:
        """When the file that it made goes."""
        return self.finished_at + KEPT if self.finished_at else None


class ToldAlarm(models.Model):
    """An alarm that lasts, and when those in charge were last written to about it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=80)
    about = models.CharField(max_length=200, default="", blank=True)
    noticed_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["noticed_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "about"], name="console_alarm_once")]
