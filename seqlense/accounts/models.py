"""Rows about people who sign in. Addresses, names, secrets and device labels are sealed; a stolen dump names
nobody.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from seqlense.kit.addresses import InvalidAddress, normalise
from seqlense.privacy import subjects
from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedEmailField, SealedTextField

NOBODY = UUID(int=0)


class Account(AbstractBaseUser, SubjectRow):
    """A person who signs in. `id` is also the user handle of the person's passkeys.

    `verified_at` is set once the person proved to hold the mailbox; until then `unverified_since` says from
    when the register counts. Nobody signs in to an unverified account. An account leaves in one of three
    ways: `closed_at` by its holder, `removed_at` by a group administrator, `organisation_deleted_at` with the
    organisation.
    """

    email = SealedEmailField()
    name = SealedTextField(blank=True, default="")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3, default="EUR")
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    unverified_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    organisation_deleted_at = models.DateTimeField(null=True)

    last_login = None  # sessions and security events say more, and end by the register

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject"], name="accounts_account_one_per_subject")
        ]
        indexes: ClassVar = [
            models.Index(fields=["unverified_since"], name="accounts_account_unverified"),
            models.Index(fields=["closed_at"], name="accounts_account_closed"),
            models.Index(fields=["removed_at"], name="accounts_account_removed"),
            models.Index(fields=["organisation_deleted_at"], name="accounts_account_orgdeleted"),
        ]

    def get_username(self) -> str:
        """The account's id; Django asks for it in places that may be written down, so never the address."""
        return str(self.pk)

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django has a column
        """May sign in: verified, and not on the way out."""
        return self.verified_at is not None and not self.leaving

    @property
    def leaving(self) -> bool:
        """Closed, removed, or gone with its organisation."""
        return any((self.closed_at, self.removed_at, self.organisation_deleted_at))

    @property
    def called(self) -> str:
        """How to address the person on a page: the name, or else the e-mail address."""
        return self.name or self.email

    def is_staff_member(self, role: str | None = None) -> bool:
        """Holds that staff role today (any role, if none is named)."""
        held = self.staff_roles_held
        return role in held if role else bool(held)

    @property
    def staff_roles_held(self) -> frozenset[str]:
        """Staff roles in force; asked of the database once per loaded account."""
        if not hasattr(self, "_staff_roles"):
            self._staff_roles = frozenset(
                StaffRole.objects.filter(account_id=self.pk, until__isnull=True).values_list(
                    "role", flat=True
                )
            )
        return self._staff_roles


class StaffRole(SubjectRow):
    """A person's role on the company's staff, as a dated row. In force while `until` is empty."""

    class Role(models.TextChoices):
        PLATFORM_ADMINISTRATOR = "platform_administrator", _("Platform administrator")
        DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data-protection officer")

    account = models.ForeignKey(Account, on_delete=models.DB_CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=32, choices=Role)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=models.Q(until__isnull=True),
                name="accounts_staffrole_once",
            )
        ]


class Session(SubjectRow):
    """A browser's session. The key exists only in the browser's cookie; here is its SHA-256.

    `subject` and `account` are empty until somebody signs in. `data` is Django's signed session payload and
    holds no personal data. `strong` says that two factors were shown; `confirmed_at` when the person last
    proved to be there.
    """

    subject = models.ForeignKey(  # type: ignore[assignment]  # nobody, until somebody signs in
        "privacy.Subject", on_delete=models.DB_CASCADE, null=True, related_name="+"
    )
    account = models.ForeignKey(Account, on_delete=models.DB_CASCADE, null=True, related_name="sessions")
    key_digest = models.BinaryField(max_length=32, unique=True)
    data = models.TextField()
    device = SealedTextField(null=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="accounts_session_expires")]


class Passkey(SubjectRow):
    """A WebAuthn credential. Only discoverable ones with user verification are taken, so one is enough to
    sign in.
    """

    account = models.ForeignKey(Account, on_delete=models.DB_CASCADE, related_name="passkeys")
    name = SealedTextField()
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2048)
    sign_count = models.BigIntegerField()
    transports = models.JSONField(default=list)
    synced = models.BooleanField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class CodeGenerator(SubjectRow):
    """A TOTP generator (RFC 6238). `last_step` is the last time step accepted: none at or before it is taken
    again.
    """

    account = models.OneToOneField(Account, on_delete=models.DB_CASCADE, related_name="code_generator")
    secret = SealedTextField()
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)


class RecoveryCode(SubjectRow):
    """SHA-256 of a code of 125 random bits (ASVS 6.5.2: from 112 bits on a plain hash is enough). Used once,
    then gone.
    """

    account = models.ForeignKey(Account, on_delete=models.DB_CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()


class EmailChange(SubjectRow):
    """A wish to change one's address. It takes effect once both mailboxes have agreed."""

    account = models.ForeignKey(Account, on_delete=models.DB_CASCADE, related_name="email_changes")
    new_email = SealedEmailField()
    asked_at = models.DateTimeField(db_index=True)
    old_agreed_at = models.DateTimeField(null=True)
    new_agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    @property
    def done(self) -> bool:
        """Both mailboxes agreed, and the address changed."""
        return self.old_agreed_at is not None and self.new_agreed_at is not None


class MailLink(SubjectRow):
    """What a link sent by mail stands for. The token is never stored: it is computed from this row."""

    class Purpose(models.TextChoices):
        VERIFY = "verify"
        RESET = "reset"
        OLD_ADDRESS = "old_address"
        NEW_ADDRESS = "new_address"

    account = models.ForeignKey(Account, on_delete=models.DB_CASCADE, related_name="mail_links")
    email_change = models.ForeignKey(EmailChange, on_delete=models.DB_CASCADE, null=True)
    purpose = models.CharField(max_length=16, choices=Purpose)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="accounts_maillink_expires")]

    def open_at(self, now: datetime) -> bool:
        """Can still be used."""
        return self.used_at is None and self.replaced_at is None and now < self.expires_at


class SecurityEvent(SubjectRow):
    """Something that happened to an account's safety, as a code. No address, no IP: a moment, a code, a
    device label.
    """

    account = models.ForeignKey(Account, on_delete=models.DB_CASCADE, related_name="security_events")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)
    device = SealedTextField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-at"], name="accounts_event_recent")]


class Throttle(models.Model):
    """One counter of attempts (a generic cell rate): the key is a keyed digest, so it names nobody.

    `full_until` is the moment from which nothing is left of earlier attempts.
    """

    digest = models.BinaryField(primary_key=True, max_length=32)
    full_until = models.DateTimeField(db_index=True)


class SpentChallenge(models.Model):
    """A WebAuthn challenge that was answered, kept until it would have expired, so that no answer counts
    twice.
    """

    digest = models.BinaryField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField(db_index=True)


def account_of(subject: UUID | None) -> Account | None:
    """The account of a subject, or None. A query is made in any case, so that both take as long."""
    return Account.objects.filter(subject_id=subject or NOBODY).first()


def account_at(address: str) -> Account | None:
    """The account of an address, verified or not; None if nobody has it or it is no address."""
    try:
        email = normalise(address)
    except InvalidAddress:
        return None
    return account_of(subjects.find("email", email))
