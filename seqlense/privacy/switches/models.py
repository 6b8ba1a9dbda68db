"""Rows of the switches: what a person's data may no longer be used for, since when, and why, in codes."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from seqlense.privacy.rows import GovernedQuerySet, SubjectRow
from seqlense.privacy.sealed import SealedTextField


class Kind(models.TextChoices):
    """Which right was used: GDPR art. 18, art. 21, art. 7(3)."""

    RESTRICTION = "restriction"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"


class Ground(models.TextChoices):
    """Why use is limited (GDPR art. 18(1)(a) to (d)), or what an objection is against (art. 21(1), (2))."""

    ACCURACY = "accuracy"
    UNLAWFUL = "unlawful"
    CLAIMS = "claims"
    OBJECTION = "objection"
    SITUATION = "situation"
    MARKETING = "marketing"


class Compelling(models.TextChoices):
    """Grounds that override an objection (GDPR art. 21(1))."""

    CLAIMS = "claims"
    SECURITY = "security"
    FRAUD = "fraud"
    OTHERS = "others"


class SwitchQuerySet(GovernedQuerySet["Switch"]):
    """Questions about switches."""

    def in_force(self) -> "SwitchQuerySet":
        """Those that bar use, an objection that waits for its decision included (art. 18(1)(d))."""
        return self.filter(until=None)

    def waiting(self) -> "SwitchQuerySet":
        """Objections that nobody has decided."""
        return self.filter(kind=Kind.OBJECTION, decided_at=None, until=None)


class Switch(SubjectRow):
    """That a person's data in one activity is stored and not otherwise used, from `since` until `until`.

    In force while `until` is empty: lifting is an act of its own, so that no clock ends it unnoticed.
    decided_at, accepted, override: of an objection, once somebody decided; a rejected one bars until it is
    lifted. lifts_at: when it will be lifted, told to the person beforehand (art. 18(3)).
    hold: what keeps the data from being deleted meanwhile, where the person asked to keep it.
    """

    kind = models.CharField(max_length=20, choices=Kind.choices)
    activity = models.CharField(max_length=80)
    ground = models.CharField(max_length=20, choices=Ground.choices, default="", blank=True)
    since = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    override = models.CharField(max_length=20, choices=Compelling.choices, default="", blank=True)
    lifts_at = models.DateTimeField(null=True, db_index=True)
    until = models.DateTimeField(null=True, db_index=True)
    request = models.ForeignKey(
        "privacy.RightsRequest", on_delete=models.DB_SET_NULL, null=True, related_name="+"
    )
    hold = models.ForeignKey("privacy.Hold", on_delete=models.DB_SET_NULL, null=True, related_name="+")

    objects = SwitchQuerySet.as_manager()  # type: ignore[assignment,misc]  # a governed one

    class Meta(SubjectRow.Meta):
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "activity", "kind"], condition=Q(until=None), name="privacy_switch_once"
            )
        ]
        indexes = [models.Index(fields=["activity", "subject"], name="privacy_switch_barring")]

    subject_id: UUID
    request_id: UUID | None
    hold_id: UUID | None

    @property
    def waits(self) -> bool:
        """An objection that nobody has decided."""
        return self.kind == Kind.OBJECTION and self.decided_at is None and self.until is None

    @property
    def bars_as(self) -> Kind:
        """As what it bars: an objection only limits until it is accepted (art. 18(1)(d), 21(1))."""
        if self.kind == Kind.OBJECTION and not self.accepted:
            return Kind.RESTRICTION
        return Kind(self.kind)


class RequestText(SubjectRow):
    """What the person wrote with a request, or the officer in answer. It stays and goes with the request."""

    class By(models.TextChoices):
        """Who wrote it."""

        PERSON = "person"
        OFFICER = "officer"

    request = models.ForeignKey("privacy.RightsRequest", on_delete=models.DB_CASCADE, related_name="texts")
    by = models.CharField(max_length=10, choices=By.choices)
    at = models.DateTimeField()
    text = SealedTextField(max_length=2000)

    class Meta(SubjectRow.Meta):
        ordering = ["at"]

    subject_id: UUID
    request_id: UUID


__all__ = ["Compelling", "Ground", "Kind", "RequestText", "Switch"]
