"""The keystore's tables name nobody."""

from seqlense.privacy.governance import Governance, Impersonal

GOVERNANCE = Governance(
    impersonal=[
        Impersonal(
            model="keystore.*",
            reason="Wrapped keys and keyed digests, in a database of their own, in no backup of the data.",
        )
    ]
)
