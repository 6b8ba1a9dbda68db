"""What the kernel says aloud, so that rooms above can act.

erasing: sent inside the erasure's transaction, before anything is deleted, with `subject`, `actor` and `now`:
hand over what others still need (an organisation's ownership). An exception stops the erasure whole.
With `replayed`, it was done before and is done again in a restored database: tell nobody.
destroying: sent in an erasure's transaction that makes keys useless: a worker may be told to see to them.
erased: sent after commit, with `subject` and `now`.
swept: sent when a sweep of retention has ended, with `now`: what follows the rows that went can go.
switched: sent inside the transaction in which the use of somebody's data was limited, freed or decided on,
with `subject`, `switch`, `act` (its proof row) and `now`; from a replay with `act=None`.
"""

from django.dispatch import Signal

erasing = Signal()
destroying = Signal()
erased = Signal()
swept = Signal()
switched = Signal()
