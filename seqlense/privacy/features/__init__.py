"""Declared features: the only characteristics of people by which anybody may be grouped or addressed.

A room says in its `features.py` which it offers, as `FEATURES`. Each derives from one data item of the
register, in a few classes with words; the checks refuse one whose item no running activity that profiles
says it reads, one of a special category, and one of sealed free text. `reading` reads them.
"""

from seqlense.privacy.features.declarations import Feature, Values, activities_of, declared, offered

__all__ = ["Feature", "Values", "activities_of", "declared", "offered"]
