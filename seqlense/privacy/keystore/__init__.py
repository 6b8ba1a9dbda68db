"""Data keys and handles, in their own database, wrapped under an epoch key that is replaced every few days.

An old backup of the data and today's keystore restore every living person, and no erased one.
"""

from seqlense.privacy.keystore.datakeys import destroy, destroy_all_of, destroy_last, keys_for, living, mint
from seqlense.privacy.keystore.envelope import Key
from seqlense.privacy.keystore.errors import KeystoreError
from seqlense.privacy.keystore.handles import release_all_of as release_handles
from seqlense.privacy.keystore.inhand import forget, session
from seqlense.privacy.keystore.rotation import Rotated, Status, rotate, rotate_if_due, status
from seqlense.privacy.keystore.vault import available, installation

__all__ = [
    "Key",
    "KeystoreError",
    "Rotated",
    "Status",
    "available",
    "destroy",
    "destroy_all_of",
    "destroy_last",
    "forget",
    "installation",
    "keys_for",
    "living",
    "mint",
    "release_handles",
    "rotate",
    "rotate_if_due",
    "session",
    "status",
]
