"""What happened to an account's safety, told to its holder: on the security page and, where it matters, by
mail.
"""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from seqlense import mailing
from seqlense.accounts import devices
from seqlense.accounts.models import Account, SecurityEvent
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

KINDS: Final = {
    "signed_up": _("Account opened"),
    "signed_in": _("Signed in with a password"),
    "signed_in_code": _("Signed in with a password and a code"),
    "signed_in_recovery": _("Signed in with a recovery code"),
    "signed_in_passkey": _("Signed in with a passkey"),
    "sign_in_failed": _("Wrong password"),
    "code_failed": _("Right password, then a wrong code"),
    "signed_out": _("Signed out"),
    "confirmed": _("Identity confirmed again"),
    "session_revoked": _("A session was ended"),
    "sessions_revoked": _("All other sessions were ended"),
    "password_changed": _("Password changed"),
    "password_reset": _("Password set by a link sent to you"),
    "password_removed": _("Password removed"),
    "passkey_added": _("Passkey added"),
    "passkey_removed": _("Passkey removed"),
    "passkey_renamed": _("Passkey renamed"),
    "codes_on": _("Codes from an application turned on"),
    "codes_off": _("Codes from an application turned off"),
    "recovery_renewed": _("New recovery codes made"),
    "email_change_asked": _("Change of e-mail address asked for"),
    "email_changed": _("E-mail address changed"),
    "email_change_ended": _("Change of e-mail address called off"),
    "staff_granted": _("Staff role given"),
    "staff_withdrawn": _("Staff role withdrawn"),
}

TOLD_BY_MAIL: Final = frozenset(
    {
        "signed_in_recovery",
        "password_changed",
        "password_reset",
        "password_removed",
        "passkey_added",
        "passkey_removed",
        "codes_on",
        "codes_off",
        "recovery_renewed",
        "email_changed",
        "staff_granted",
    }
)

PASSING: Final = frozenset(
    {"signed_in", "signed_in_code", "signed_in_passkey", "sign_in_failed", "code_failed"}
) | {
    "signed_out",
    "confirmed",
}


def note(
    account: Account, kind: str, *, actor: Actor, now: datetime, device: str = "", **detail: object
) -> SecurityEvent:
    """Write the event in the caller's transaction; with it, unless it passes daily, the proof row and a mail.

    device: label of the browser that was used; by default the one whose request is answered, if the person
    acts and not somebody else. Signing in and out leave no proof row: those are never deleted, and comings
    and goings must be.
    """
    used = device or (devices.at_hand() if actor.subject == account.subject_id else "")
    event = SecurityEvent.objects.create(
        subject_id=account.subject_id, account=account, kind=kind, at=now, device=used or None
    )
    if kind not in PASSING:
        acts.record(f"accounts.{kind}", actor=actor, now=now, subject=account.subject_id, **detail)
    if kind in TOLD_BY_MAIL:
        tell(account, event, now=now)
    return event


def tell(account: Account, event: SecurityEvent, *, now: datetime) -> None:
    """Write to the person about it."""
    mailing.post(
        template="accounts.security",
        subject=account.subject_id,
        about=event.pk,
        language=account.language,
        now=now,
    )


def recent(account: Account, *, number: int = 20) -> list[SecurityEvent]:
    """The latest events, the newest first."""
    return list(SecurityEvent.objects.filter(account=account).order_by("-at", "-id")[:number])
