"""Is a file what it says it is, and nothing else besides? Asked of its content, which nothing here draws or
runs.
"""

from seqlense.documents.examining.kinds import ACCEPT, KINDS, examine

__all__ = ["ACCEPT", "KINDS", "examine"]
