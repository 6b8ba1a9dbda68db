"""Segments, who belongs to them, and groupings that a worker computed."""

from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import models

from seqlense.audience.segments.rules import Rule
from seqlense.kit.identifiers import uuid7
from seqlense.privacy.rows import SubjectRow

ACTIVITY: Final = "profiling"
SMALLEST: Final = 10
"""Groups of fewer people are neither formed nor shown."""
LONGEST_NAME: Final = 80


def shown(number: int) -> int | None:
    """A number of people as staff may see it: rounded down to tens, None below ten."""
    return None if number < SMALLEST else number - number % 10


class Segment(models.Model):
    """A rule with a name, and how many people met it when that was last looked at.

    revision: grows with every change, so that two tabs can't overwrite each other unseen.
    people: None until it was first looked at. near: ids of segments from which it differs by fewer than ten
    people ("all": from everybody), so that no numbers are shown that give somebody away by subtraction.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name_fr = models.CharField(max_length=LONGEST_NAME)
    name_en = models.CharField(max_length=LONGEST_NAME)
    rule: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    proposed = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(null=True)
    near: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def name_in(self, language: str) -> str:
        """Its name in French or English."""
        return self.name_en if language == "en" else self.name_fr

    @property
    def parsed(self) -> Rule:
        """Its rule."""
        return Rule.stored(self.rule)

    @property
    def broken(self) -> bool:
        """Whether its rule names what no longer exists: it has nobody then."""
        return self.parsed.broken(ACTIVITY)

    @property
    def formed(self) -> bool:
        """Whether it has enough people to be used."""
        return self.stopped_at is None and (self.people or 0) >= SMALLEST

    @property
    def shown(self) -> int | None:
        """Its people as staff may see them, in tens; None where there are too few or others too near."""
        return None if self.near else shown(self.people or 0)


class Belonging(SubjectRow):
    """A person in a segment since a day; looked at again each night, and gone at once by an objection."""

    segment = models.ForeignKey(Segment, on_delete=models.DB_CASCADE, related_name="belongings")
    since = models.DateTimeField()
    checked_at = models.DateTimeField(db_index=True)

    class Meta(SubjectRow.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "segment"], name="segments_belonging_once")
        ]

    subject_id: UUID
    segment_id: UUID


class Grouping(models.Model):
    """A grouping that staff asked for: by which features, into how many groups, and what came of it.

    outcome: {"people": tens, "small": number of groups too small to be shown, "groups": [...]}, percentages
    and tens only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    features: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    number = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reached = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=60, default="", blank=True)
    outcome: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
