"""Which data item of the register each column of consent holds."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="consent.Receipt",
            activity="consent_proofs",
            items={
                "kind": "receipt",
                "purpose": "receipt",
                "answers": "receipt",
                "how": "receipt",
                "shown": "receipt",
                "language": "receipt",
                "register_version": "receipt",
                "previous": "receipt",
                "at": "dates",
                "ended_at": "dates",
                "salt": "proof",
            },
            events={"consent_ended": "ended_at"},
        ),
        Governed(
            model="consent.Sharing",
            activity="consent",
            items={"since": "sharing", "until": "sharing"},
            events={"sharing_ended": "until"},
        ),
    ],
    impersonal=[
        Impersonal(
            model="consent.Display", reason="Texts and code of the banner that every visitor is shown."
        ),
        Impersonal(model="consent.Picture", reason="How that banner looks in a browser without a visitor."),
    ],
    evidence=("consent.given", "consent.withdrawn"),
)
