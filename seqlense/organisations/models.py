"""Organisations and what ties people to them."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from django.conf import settings
from django.db import models

from seqlense.kit.identifiers import uuid7
from seqlense.organisations.roles import Permission, Role, may
from seqlense.organisations.tenancy import TenantRow
from seqlense.privacy.sealed import SealedEmailField

LONGEST_NAME: Final = 120


class Organisation(models.Model):
    """A tenant.

    revision: grows with every change of the settings, so that two tabs can't overwrite each other unseen.
    second_factor_since: from when every member needs a second factor; None: it isn't demanded.
    closed_at, erases_at: closed by its owner at that moment; gone with all that it holds at the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=LONGEST_NAME)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    second_factor_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    erases_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["erases_at"], name="organisations_erases_at")]

    def __str__(self) -> str:
        return self.name


class Membership(TenantRow):
    """A person in an organisation.

    ends_at: set when the organisation closes, and emptied if it opens again.
    opened_account: the person's account was opened by joining here, so it goes when the organisation removes
    it or is deleted, unless the person belongs somewhere else by then (F-2 accounts).
    """

    role = models.CharField(max_length=16, choices=Role)
    joined_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    opened_account = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["joined_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "subject"], name="organisations_membership_once"),
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(role=Role.OWNER), name="organisations_one_owner"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="organisations_member_ends")]

    def may(self, permission: Permission) -> bool:
        """Whether this member's role permits it."""
        return may(self.role, permission)


def reference(invitation: UUID) -> str:
    """What both sides can call an invitation by without naming anybody; it stands in the mail as well."""
    return invitation.hex[-4:].upper()


class Invitation(TenantRow):
    """Somebody asked to join. `address` is sealed under the invitee's own key, emptied once the invitation is
    settled.

    sent_count: how often it was sent; there is a ceiling, so that nobody can be pestered.
    invited_by: the inviting member's subject, to name them in the mail.
    """

    address = SealedEmailField(null=True)
    role = models.CharField(max_length=16, choices=Role)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    invited_by = models.ForeignKey(
        "privacy.Subject", on_delete=models.DB_SET_NULL, null=True, related_name="+"
    )
    invited_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    sent_count = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-invited_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "subject"], name="organisations_invitation_once")
        ]
        indexes: ClassVar = [models.Index(fields=["sent_at"], name="organisations_invite_sent")]

    invited_by_id: UUID | None

    @property
    def settled_as(self) -> str:
        """ "accepted", "declined" or "withdrawn"; "" while it waits for an answer."""
        return next((how for how in ("accepted", "declined", "withdrawn") if getattr(self, f"{how}_at")), "")

    @property
    def settled_on(self) -> datetime | None:
        """When it was answered or withdrawn."""
        return self.accepted_at or self.declined_at or self.withdrawn_at

    @property
    def reference(self) -> str:
        """What both sides can call it by."""
        return reference(self.id)


class Handover(TenantRow):
    """The owner offered the organisation to a member (`subject`), who hasn't answered yet."""

    offered_by = models.ForeignKey(
        "privacy.Subject", on_delete=models.DB_SET_NULL, null=True, related_name="+"
    )
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation"], name="organisations_one_handover")
        ]
        indexes: ClassVar = [models.Index(fields=["offered_at"], name="organisations_handover_since")]

    offered_by_id: UUID | None

    def open_at(self, now: datetime) -> bool:
        """Can still be accepted."""
        return now < self.expires_at
