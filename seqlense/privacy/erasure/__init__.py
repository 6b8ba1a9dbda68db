"""Erasure (GDPR art. 17), decided for each data item: gone now, or kept until a date because a law says so.

Nothing is refused whole because one item is held. What is kept leaves the tables that live code reads, unless
it is still needed in place, and goes by itself when its date comes.
"""

from seqlense.privacy.erasure.decision import Decision, ItemOutcome
from seqlense.privacy.erasure.verb import UnknownSubject, erase, preview

__all__ = ["Decision", "ItemOutcome", "UnknownSubject", "erase", "preview"]
