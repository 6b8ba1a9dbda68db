"""The transparency log: every proof row of the kernel, as a salted digest, in files that outsiders can check.

`merkle`, `note` and `tiles` are the format, and know no database; `leaves` and `openings` are what the
database holds of it; `sealing` brings both together.
"""

from seqlense.privacy.log.health import LogState, alarms, state
from seqlense.privacy.log.proving import Proof, consistency, proof_of, proofs_of
from seqlense.privacy.log.sealing import Head, Sealed, adopt, ahead, forget_old, head, seal, waiting

__all__ = [
    "Head",
    "LogState",
    "Proof",
    "Sealed",
    "adopt",
    "ahead",
    "alarms",
    "consistency",
    "forget_old",
    "head",
    "proof_of",
    "proofs_of",
    "seal",
    "state",
    "waiting",
]
