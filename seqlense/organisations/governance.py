"""Which data item of the register each column of this room holds."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="organisations.Membership",
            activity="organisations",
            items={
                "organisation": "role",
                "role": "role",
                "joined_at": "membership_dates",
                "ends_at": "membership_dates",
                "opened_account": "role",
            },
            events={"membership_ended": "ends_at", "organisation_deleted": "ends_at"},
        ),
        Governed(
            model="organisations.Invitation",
            activity="organisations",
            items={
                "address": "invitation_email",
                "organisation": "invitation_role",
                "role": "invitation_role",
                "invited_at": "invitation_dates",
                "sent_at": "invitation_dates",
                "expires_at": "invitation_dates",
                "accepted_at": "invitation_dates",
                "declined_at": "invitation_dates",
                "withdrawn_at": "invitation_dates",
            },
            events={"invitation_sent": "sent_at"},
            impersonal={
                "language": "The language of the mail, one of two, chosen by the inviter.",
                "sent_count": "How often a mail left, so that nobody can be pestered.",
            },
        ),
        Governed(
            model="organisations.Handover",
            activity="organisations",
            items={
                "organisation": "handover_dates",
                "offered_at": "handover_dates",
                "expires_at": "handover_dates",
            },
            events={"handover_offered": "offered_at"},
        ),
    ],
    impersonal=[
        Impersonal(
            model="organisations.Organisation",
            reason="A company's name and dates; who belongs to it stands in the rows of its members.",
        )
    ],
    tasks={"organisations.delete_due": ""},
)
