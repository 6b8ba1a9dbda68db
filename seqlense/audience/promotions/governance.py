"""Which data item of the register each column of this room holds."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="promotions.Declaration",
            activity="promotions",
            items={"interest": "interests", "declared_at": "interest_dates"},
            events={"interests_declared": "declared_at"},
        ),
        Governed(
            model="promotions.Reaction",
            activity="promotion_reactions",
            items={"promotion": "reaction", "kind": "reaction", "at": "reaction_date"},
            events={"event_recorded": "at"},
            at_once={
                "consent_withdrawn": "The withdrawal deletes a person's reactions in its own transaction."
            },
        ),
    ],
    impersonal=[
        Impersonal(
            model="promotions.Promotion", reason="What staff offer, to whom by rule, and when; no person."
        ),
        Impersonal(model="promotions.Interest", reason="The list of interests that staff maintain."),
    ],
)
