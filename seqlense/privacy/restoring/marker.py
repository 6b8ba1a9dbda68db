"""The mark in a database that is being restored. Who finds it serves nothing.

A table beside Django's: written before the first restored row, so that a restore cut off anywhere is known,
and left out of every backup.
"""

from typing import Final

MARKER: Final = "seqlense_restoring"
