"""What is left of people outside the database's own view: files searched as bytes for what names them.

A marker is a text that only one person's data would hold. Every file of a place is read once, in pieces; the
markers are sought in every form in which software writes text down, and in what compressors, archives and
PostgreSQL make of it. Nothing is decrypted: sealed values are meant to be unreadable.
"""

from seqlense.privacy.residue.markers import Marker, of_subjects, typed
from seqlense.privacy.residue.scanning import Finding, Findings, Scanner, Unread, scan
from seqlense.privacy.residue.whereabouts import Whereabouts, whereabouts

__all__ = [
    "Finding",
    "Findings",
    "Marker",
    "Scanner",
    "Unread",
    "Whereabouts",
    "of_subjects",
    "scan",
    "typed",
    "whereabouts",
]
