"""Backups of data, documents and keystore, each chain apart, signed, and gone when their time is over.

An old backup of the data and today's keystore give back every living person and no erased one. So data may be
kept for long; of the keystore one copy is kept, and none made under an earlier epoch. Epoch keys are in no
backup.
"""

from seqlense.privacy.backups.creating import Created, create
from seqlense.privacy.backups.listing import Kept, alarms, everything
from seqlense.privacy.backups.manifest import File, Manifest
from seqlense.privacy.backups.places import CHAINS, Chain
from seqlense.privacy.backups.pruning import Pruned, prune
from seqlense.privacy.backups.verifying import verify

__all__ = [
    "CHAINS",
    "Chain",
    "Created",
    "File",
    "Kept",
    "Manifest",
    "Pruned",
    "alarms",
    "create",
    "everything",
    "prune",
    "verify",
]
