"""Which data item of the register each column of this section holds."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="newsletter.Reader",
            activity="newsletter",
            items={
                "email": "email",
                "topics": "topics",
                "language": "topics",
                "since": "subscription_dates",
                "paused_until": "subscription_dates",
                "last_contact_at": "subscription_dates",
                "brought_over": "origin",
            },
            events={"last_contact": "last_contact_at"},
            at_once={"unsubscribed": "Unsubscribing deletes the row; what stays is the objection's."},
        ),
        Governed(
            model="newsletter.PartnerReader",
            activity="partner_offers",
            items={"email": "email", "language": "dates", "since": "dates", "last_contact_at": "dates"},
            events={"last_contact": "last_contact_at"},
            at_once={"consent_withdrawn": "Withdrawing deletes the row in the same transaction."},
        ),
        Governed(
            model="newsletter.Asked",
            activity="newsletter_opt_in",
            items={
                "email": "asked_email",
                "language": "asked_dates",
                "topics": "asked_dates",
                "partners": "asked_dates",
                "asked_at": "asked_dates",
            },
            events={"subscription_asked": "asked_at"},
            at_once={"consent_withdrawn": "Unsubscribing deletes the row in the same transaction."},
        ),
        Governed(
            model="newsletter.Objection",
            activity="newsletter",
            items={"digest": "objection", "unsubscribed_at": "dates"},
            events={"unsubscribed": "unsubscribed_at"},
        ),
        Governed(
            model="newsletter.Sending",
            activity="newsletter",
            items={
                "campaign": "issues",
                "language": "issues",
                "trial": "issues",
                "posted_at": "issues",
            },
            events={"issue_posted": "posted_at"},
        ),
    ],
    impersonal=[
        Impersonal(
            model="newsletter.Campaign",
            reason="A text for everybody, its dates and how many it went to; its author is an opaque id.",
        ),
        Impersonal(
            model="newsletter.BroughtOver",
            reason="Where a list came from, where its proof is kept and how many were on it; nobody's name.",
        ),
    ],
    tasks={"newsletter.go_on": "newsletter"},
)
