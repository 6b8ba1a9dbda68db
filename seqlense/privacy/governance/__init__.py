"""Which column holds which data item: declared in each app's `governance.py`, compiled here."""

from seqlense.privacy.governance.declarations import (
    AnyField,
    Declared,
    Governance,
    Governed,
    Impersonal,
    NotGoverned,
    activity_of,
    column,
    declared,
)

__all__ = [
    "AnyField",
    "Declared",
    "Governance",
    "Governed",
    "Impersonal",
    "NotGoverned",
    "activity_of",
    "column",
    "declared",
]
