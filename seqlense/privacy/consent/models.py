"""Rows of consent: receipts, written once, and what was shown to whom they were given."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from seqlense.privacy.rows import GovernedQuerySet, SubjectRow


class Kind(models.TextChoices):
    """What a receipt is about: a browser's choice on outside services; a person's consent to one purpose."""

    CHOICE = "choice"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ReceiptQuerySet(GovernedQuerySet["Receipt"]):
    """Questions about receipts."""

    def standing(self) -> "ReceiptQuerySet":
        """Consents to a purpose that are in force."""
        return self.filter(kind=Kind.GIVEN, ended_at=None)


class Receipt(SubjectRow):
    """That somebody was asked, and what they answered. The database refuses to change it.

    subject: whose consent; None for a browser's choice made without being known. `id` is drawn at random.
    purpose: consent purpose of the register, "" for a choice. answers: outside service → whether it may be
    reached.
    how: by which act, a code. shown: what they saw, the hash of a `Display`, or the short name of a text.
    previous: the receipt that this one ends. salt: in hexadecimal, opens its entry of the log; the database
    draws it.
    ended_at: when the choice or consent ended, or will end by itself. Only this is ever set later, or set
    earlier.
    """

    subject = models.ForeignKey(  # type: ignore[assignment]  # nobody, for a visitor
        "privacy.Subject", on_delete=models.DB_CASCADE, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    purpose = models.CharField(max_length=64, default="", blank=True)
    answers: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    how = models.CharField(max_length=20)
    shown = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    register_version = models.CharField(max_length=128)
    previous = models.UUIDField(null=True)
    salt = models.CharField(max_length=64, default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ReceiptQuerySet.as_manager()  # type: ignore[assignment,misc]  # a governed one

    class Meta(SubjectRow.Meta):
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "purpose"],
                condition=Q(kind="given", ended_at=None),
                name="consent_receipt_standing",
            )
        ]
        # Sorted by id, receipts are sorted by time: uuid7. Each index that isn't here makes choosing faster.
        indexes: ClassVar = [
            models.Index(
                fields=["subject"], condition=Q(subject__isnull=False), name="consent_receipt_subject"
            ),
            models.Index(fields=["ended_at"], name="consent_receipt_ended"),
        ]

    subject_id: UUID | None  # type: ignore[assignment]  # as above

    @property
    def accepted(self) -> frozenset[str]:
        """Outside services that may be reached."""
        return frozenset(name for name, yes in self.answers.items() if yes)

    @property
    def refused(self) -> frozenset[str]:
        """Outside services that may not."""
        return frozenset(name for name, yes in self.answers.items() if not yes)


class Sharing(SubjectRow):
    """That a person wants their choice on outside services in every browser in which they sign in.

    In force while `until` is empty.
    """

    since = models.DateTimeField()
    until = models.DateTimeField(null=True, db_index=True)

    class Meta(SubjectRow.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject"], condition=Q(until=None), name="consent_sharing_once")
        ]

    subject_id: UUID


class Display(models.Model):
    """What visitors were shown: one version of the banner in one language, since when.

    hash: SHA-256 of language, texts and code, in hexadecimal; receipts cite it. code: SHA-256 of the banner's
    files.
    """

    hash = models.CharField(max_length=64, primary_key=True)
    language = models.CharField(max_length=2)
    texts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    code = models.CharField(max_length=64)
    register_version = models.CharField(max_length=128)
    since = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["-since"]


class Picture(models.Model):
    """How that version looked in a browser: a PNG in one theme."""

    class Theme(models.TextChoices):
        """As the reader's system asks for."""

        LIGHT = "light"
        DARK = "dark"

    display = models.ForeignKey(Display, on_delete=models.DB_CASCADE, related_name="pictures")
    theme = models.CharField(max_length=5, choices=Theme.choices)
    png = models.BinaryField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["display", "theme"], name="consent_picture_once")
        ]
