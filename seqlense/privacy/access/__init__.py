"""Access (GDPR art. 15): everything about a person, by activity; as objects for pages and as a download."""

from seqlense.privacy.access.archive import ReasonMissing, archived
from seqlense.privacy.access.copying import copy_of
from seqlense.privacy.access.everything import everything
from seqlense.privacy.access.held import Access, HeldActivity, HeldItem, HeldValue
from seqlense.privacy.access.package import package, zipped

__all__ = [
    "Access",
    "HeldActivity",
    "HeldItem",
    "HeldValue",
    "ReasonMissing",
    "archived",
    "copy_of",
    "everything",
    "package",
    "zipped",
]
