"""Promotions, interests to declare, what people declared, and reactions of those who agreed."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from seqlense.audience.promotions.slots import Slot
from seqlense.audience.segments.models import Segment
from seqlense.audience.segments.rules import Rule
from seqlense.kit.identifiers import uuid7
from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedJSONField

ACTIVITY: Final = "promotions"
REACTIONS: Final = "promotion_reactions"
PURPOSE: Final = "personalised_promotions"


class State(models.TextChoices):
    """Where a promotion stands; what is planned, running or ended depends on the moment."""

    DRAFT = "draft", pgettext_lazy("promotion", "Draft")
    PLANNED = "planned", pgettext_lazy("promotion", "Planned")
    RUNNING = "running", pgettext_lazy("promotion", "Running")
    ENDED = "ended", pgettext_lazy("promotion", "Ended")
    STOPPED = "stopped", pgettext_lazy("promotion", "Stopped")


class Audience(models.TextChoices):
    """Whom a promotion is for, as long as they let it be chosen for them."""

    EVERYONE = "everyone", _("Everyone")
    RULE = "rule", _("People who meet a rule")
    SEGMENT = "segment", _("A segment")


class PromotionQuerySet(models.QuerySet["Promotion"]):
    """Questions about promotions."""

    def running(self, now: datetime) -> "PromotionQuerySet":
        """Those shown at that moment, the one that began first in front."""
        return self.filter(
            started_at__isnull=False, stopped_at=None, begins_at__lte=now, ends_at__gt=now
        ).order_by("begins_at", "id")

    def to_come_or_running(self, now: datetime) -> "PromotionQuerySet":
        """Those that are or will be shown."""
        return self.filter(started_at__isnull=False, stopped_at=None, ends_at__gt=now)


class Promotion(models.Model):
    """An offer shown inside the product from `begins_at` until `ends_at` (exclusive), once it was started.

    revision: grows with every change, so that two tabs can't overwrite each other unseen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title_fr = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    text_fr = models.TextField()
    text_en = models.TextField()
    button_fr = models.CharField(max_length=40)
    button_en = models.CharField(max_length=40)
    link = models.CharField(max_length=300)
    slot = models.CharField(max_length=20, choices=Slot.choices)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.EVERYONE)
    rule: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    segment = models.ForeignKey(Segment, on_delete=models.DB_SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-begins_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="promotions_promotion_ends")]

    segment_id: UUID | None

    def state(self, now: datetime) -> State:
        """Where it stands at that moment."""
        if self.stopped_at is not None:
            return State.STOPPED
        if self.started_at is None:
            return State.DRAFT
        if now >= self.ends_at:
            return State.ENDED
        return State.RUNNING if now >= self.begins_at else State.PLANNED

    def title_in(self, language: str) -> str:
        """Its title in French or English."""
        return self.title_en if language == "en" else self.title_fr

    def text_in(self, language: str) -> str:
        """Its text, as it was typed, in French or English."""
        return self.text_en if language == "en" else self.text_fr

    def button_in(self, language: str) -> str:
        """The label of its button in French or English."""
        return self.button_en if language == "en" else self.button_fr

    @property
    def last_moment(self) -> datetime:
        """When it is shown for the last time: on the last day that staff chose."""
        return self.ends_at - timedelta(microseconds=1)

    @property
    def parsed(self) -> Rule:
        """Its rule; everybody meets that of a promotion without one."""
        return Rule.stored(self.rule)


class Interest(models.Model):
    """Something that people may say they care for, from the list that staff maintain.

    code: what stands for it wherever it is stored, also in a copy of the data: "electronic-signature".
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    label_fr = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["label_fr", "id"]

    def label_in(self, language: str) -> str:
        """Its label in French or English."""
        return self.label_en if language == "en" else self.label_fr


class Declaration(SubjectRow):
    """An interest that a person declared, by its code, sealed. `declared_at`: when they last said so."""

    interest = SealedJSONField()
    declared_at = models.DateTimeField(db_index=True)

    class Meta(SubjectRow.Meta):
        ordering: ClassVar = ["id"]

    subject_id: UUID


class Reaction(SubjectRow):
    """That a promotion was seen, opened or put away, by somebody who agreed that this is remembered."""

    class Kind(models.TextChoices):
        """What the person did."""

        SEEN = "seen", pgettext_lazy("promotion", "seen")
        OPENED = "opened", pgettext_lazy("promotion", "opened")
        PUT_AWAY = "put_away", pgettext_lazy("promotion", "put away")

    promotion = models.ForeignKey(Promotion, on_delete=models.DB_CASCADE, related_name="reactions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField(db_index=True)

    class Meta(SubjectRow.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "promotion", "kind"], name="promotions_reaction_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["seen", "opened", "put_away"]), name="promotions_reaction_kind"
            ),
        ]

    subject_id: UUID
    promotion_id: UUID
