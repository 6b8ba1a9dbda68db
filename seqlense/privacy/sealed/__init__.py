"""Sealed columns: model fields whose values the database only ever sees as ciphertext.

A value is sealed under the key of (the row's subject, the field's activity) and bound to table, column,
activity
and row: copied elsewhere it doesn't open. It opens when it is first read, with the keys of all rows fetched
with it. What the database can't do with ciphertext (filter, order, compute) is refused with a hint.
"""

from seqlense.privacy.sealed.column import SealedField
from seqlense.privacy.sealed.fields import SealedDateField, SealedEmailField, SealedJSONField, SealedTextField

__all__ = ["SealedDateField", "SealedEmailField", "SealedField", "SealedJSONField", "SealedTextField"]
