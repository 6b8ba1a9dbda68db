"""Which data item of the register each column of this room holds."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="accounts.Account",
            activity="accounts",
            items={
                "email": "email",
                "name": "name",
                "password": "password",
                "language": "language",
                "country": "country",
                "currency": "currency",
                "time_zone": "time_zone",
                "created_at": "account_dates",
                "verified_at": "account_dates",
                "unverified_since": "account_dates",
                "closed_at": "account_dates",
                "removed_at": "account_dates",
                "organisation_deleted_at": "account_dates",
            },
            events={
                "unverified_since": "unverified_since",
                "account_closed": "closed_at",
                "account_removed": "removed_at",
                "organisation_deleted": "organisation_deleted_at",
            },
        ),
        Governed(
            model="accounts.StaffRole",
            activity="accounts",
            items={"role": "staff_role", "since": "staff_role", "until": "staff_role"},
            follows="account",
        ),
        Governed(
            model="accounts.Session",
            activity="accounts",
            items={
                "device": "session_device",
                "key_digest": "session_key",
                "started_at": "session_dates",
                "last_seen_at": "session_dates",
                "expires_at": "session_dates",
            },
            events={"session_ended": "expires_at"},
            impersonal={
                "data": "Signed payload of codes and opaque ids; no view puts a person's data in it."
            },
            follows="account",
        ),
        Governed(
            model="accounts.Passkey",
            activity="accounts",
            items={
                "name": "passkey_name",
                "credential_id": "passkey_key",
                "public_key": "passkey_key",
                "sign_count": "passkey_key",
                "transports": "passkey_key",
                "synced": "passkey_key",
                "created_at": "factor_dates",
                "last_used_at": "factor_dates",
            },
            follows="account",
        ),
        Governed(
            model="accounts.CodeGenerator",
            activity="accounts",
            items={
                "secret": "code_secret",
                "last_step": "factor_dates",
                "created_at": "factor_dates",
                "confirmed_at": "factor_dates",
            },
            follows="account",
        ),
        Governed(
            model="accounts.RecoveryCode",
            activity="accounts",
            items={"digest": "recovery_codes", "created_at": "factor_dates"},
            follows="account",
        ),
        Governed(
            model="accounts.EmailChange",
            activity="accounts",
            items={"new_email": "new_email"},
            events={"email_change_asked": "asked_at"},
            impersonal=dict.fromkeys(
                ["asked_at", "old_agreed_at", "new_agreed_at", "ended_at"],
                "Steps of a request; they go with its row, when the new address goes.",
            ),
            follows="account",
        ),
        Governed(
            model="accounts.MailLink",
            activity="accounts",
            items={
                "purpose": "link_dates",
                "made_at": "link_dates",
                "expires_at": "link_dates",
                "used_at": "link_dates",
                "replaced_at": "link_dates",
            },
            events={"link_ended": "expires_at"},
            follows="account",
        ),
        Governed(
            model="accounts.SecurityEvent",
            activity="security_logs",
            items={"kind": "kind", "at": "date", "device": "device"},
            events={"event_recorded": "at"},
            at_once=dict.fromkeys(
                ["account_closed", "account_removed", "organisation_deleted"],
                "The database deletes an account's events with it (ON DELETE CASCADE).",
            ),
            follows="account",
        ),
    ],
    impersonal=[
        Impersonal(
            model="accounts.Throttle",
            reason="Counters under keyed digests: they name neither an address nor a place.",
        ),
        Impersonal(
            model="accounts.SpentChallenge", reason="Digests of random numbers that a browser answered."
        ),
    ],
)
