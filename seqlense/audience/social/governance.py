"""Which data item of the register each column of this room holds."""

from seqlense.privacy.governance import Governance, Governed

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="social.LinkedAccount",
            activity="social_networks",
            items={"account": "account", "name": "name", "network": "network", "linked_at": "dates"},
            follows="holder",
            at_once={
                "unlinked": "The row is deleted in the transaction that unlinks the account.",
                "consent_withdrawn": "The room hears of the withdrawal and deletes in its transaction.",
                "account_closed": "The erasure that closes an account takes the row with it.",
            },
        )
    ]
)
