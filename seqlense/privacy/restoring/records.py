"""What the kernel writes down about restores."""

from typing import Any

from django.db import models

from seqlense.kit.identifiers import uuid7


class Restoration(models.Model):
    """One restore: what came back, how far what was done since has been done again, and the report.

    backup: its name, "" where the operator's own tools brought the data back; taken_at: when it was made,
    where that is known. first, last: entries of the log that the data didn't know, from `first` up to `last`;
    reached: up to where they were done again. While finished_at is None nothing is served.
    report: counts and codes, no personal data.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    backup = models.CharField(max_length=100, default="", blank=True)
    taken_at = models.DateTimeField(null=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    reached = models.BigIntegerField()
    report: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        ordering = ["-begun_at"]
        db_table = "privacy_restoration"
