"""Who wants to be written to, who doesn't, and what is written."""

from typing import ClassVar, Final
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from seqlense.accounts.models import Account
from seqlense.audience.newsletter.topics import About
from seqlense.kit.identifiers import uuid7
from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedEmailField

LONGEST_SUBJECT: Final = 120
LONGEST_TEXT: Final = 20_000
LONGEST_PROOF: Final = 2_000
SLOWEST: Final = 1
FASTEST: Final = 3_000


class Addressee(SubjectRow):
    """Somebody to write to, at an address of their own or, with an `account`, at the account's.

    last_contact_at: when the person last showed interest; it is what the register counts from. Empty for a
    customer, whose row goes with the account.
    """

    account = models.ForeignKey(Account, on_delete=models.DB_CASCADE, null=True, related_name="+")
    email = SealedEmailField(null=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    since = models.DateTimeField()
    last_contact_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    account_id: UUID | None
    subject_id: UUID

    @property
    def address(self) -> str | None:
        """Where to write now."""
        return self.account.email if self.account is not None else self.email


class Reader(Addressee):
    """Somebody who gets the newsletter, or some of its topics. The row goes when the person unsubscribes.

    paused_until: nothing is sent before. brought_over: the list that they came with, if they did.
    """

    topics = models.JSONField(null=True)
    paused_until = models.DateTimeField(null=True)
    brought_over = models.ForeignKey(
        "BroughtOver", on_delete=models.DB_SET_NULL, null=True, related_name="readers"
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject"], name="newsletter_reader_once")]
        indexes: ClassVar = [models.Index(fields=["last_contact_at"], name="newsletter_reader_contact")]


class PartnerReader(Addressee):
    """Somebody who agreed to partners' offers. The row goes when consent is withdrawn."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject"], name="newsletter_partner_once")]
        indexes: ClassVar = [models.Index(fields=["last_contact_at"], name="newsletter_partner_contact")]


class BroughtOver(models.Model):
    """A list from another tool, and the proof that its people consented there. It is written once.

    tool: where it comes from. question: what they read when they agreed, and how they confirmed. agreed_from,
    agreed_until: between which days. evidence: where the proof of each is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tool = models.CharField(max_length=LONGEST_SUBJECT)
    question = models.TextField()
    agreed_from = models.DateField()
    agreed_until = models.DateField()
    evidence = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("privacy.Subject", on_delete=models.DB_SET_NULL, null=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    objected = models.PositiveIntegerField(default=0)
    malformed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]


class Asked(SubjectRow):
    """A request to subscribe that the holder of the mailbox hasn't confirmed; the address is sealed."""

    email = SealedEmailField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    topics = models.JSONField(null=True)
    partners = models.BooleanField(default=False)
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject"], name="newsletter_asked_once")]
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="newsletter_asked_at")]

    subject_id: UUID


class Objection(SubjectRow):
    """Somebody unsubscribed. digest: keyed, of the address, so that no list brings it back."""

    digest = models.BinaryField(max_length=32)
    unsubscribed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["digest"], name="newsletter_objection_digest"),
            models.Index(fields=["unsubscribed_at"], name="newsletter_objection_at"),
            models.Index(fields=["subject"], name="newsletter_objection_whose"),
        ]

    subject_id: UUID


class Campaign(models.Model):
    """One text in both languages, for everybody whom its kind concerns.

    revision: grows with every change of the draft, so that two tabs can't overwrite each other unseen.
    rate: messages a minute. second_look: another administrator must approve it first.
    started_at: nobody who came later is written to. passed: id of the last addressee looked at.
    posted_until: how far the rate has been used up. exhausted_at: everybody was looked at.
    undelivered: of those posted, how many the mail server refused for good or never took.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    about = models.CharField(max_length=20, choices=About)
    subject_fr = models.CharField(max_length=LONGEST_SUBJECT)
    subject_en = models.CharField(max_length=LONGEST_SUBJECT)
    text_fr = models.TextField()
    text_en = models.TextField()
    rate = models.PositiveIntegerField(default=60)
    second_look = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        "privacy.Subject", on_delete=models.DB_SET_NULL, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    scheduled_for = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    exhausted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    passed = models.UUIDField(null=True)
    posted_until = models.DateTimeField(null=True)
    posted = models.PositiveIntegerField(default=0)
    undelivered = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-written_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["started_at"],
                condition=Q(started_at__isnull=False, finished_at=None),
                name="newsletter_campaign_going",
            )
        ]

    written_by_id: UUID | None

    @property
    def state(self) -> str:
        """ "draft", "scheduled", "sending", "stopped" or "sent"."""
        if self.finished_at is not None:
            return "sent"
        if self.started_at is not None:
            return "stopped" if self.stopped_at is not None else "sending"
        return "scheduled" if self.scheduled_for is not None else "draft"

    def words(self, language: str) -> tuple[str, str]:
        """Subject and text in one language."""
        return (self.subject_en, self.text_en) if language == "en" else (self.subject_fr, self.text_fr)

    def waits_for_second_look(self) -> bool:
        """Somebody else must approve it first."""
        return self.second_look and self.approved_at is None


class Sending(SubjectRow):
    """That a campaign's message was posted to somebody; gone when the campaign is through.

    trial: a test, to whoever writes the campaign.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.DB_CASCADE, related_name="sendings")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    trial = models.BooleanField(default=False)
    posted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "subject"], condition=Q(trial=False), name="newsletter_sending_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["posted_at"], name="newsletter_sending_at"),
            models.Index(fields=["subject"], name="newsletter_sending_whose"),
        ]

    subject_id: UUID
    campaign_id: UUID
