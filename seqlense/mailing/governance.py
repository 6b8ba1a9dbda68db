"""What this room keeps about people: that a message waits, until it is gone."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="mailing.Message",
            activity="mailing",
            items={
                "template": "delivery",
                "language": "delivery",
                "posted_at": "delivery",
                "expires_at": "delivery",
                "due_at": "delivery",
                "attempts": "delivery",
                "leased_until": "delivery",
                "last_code": "delivery",
            },
            events={"message_queued": "posted_at"},
            at_once={
                "message_sent": "The worker deletes the row when the mail server has taken the message."
            },
            impersonal={
                "about": "A random number that means something only in the room that posted the message."
            },
        )
    ],
    impersonal=[
        Impersonal(
            model="mailing.DeadLetter",
            reason="A code, a date and the random number of a message that is gone; deleted after 30 days.",
        )
    ],
    tasks={"mailing.deliver": "mailing", "mailing.resume": "mailing"},
)
