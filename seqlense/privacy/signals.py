"""What the kernel says aloud, so that rooms above can act.

erasing: sent inside the erasure's transaction, before anything is deleted, with `subject`, `actor` and `now`:
hand over what others still need (an organisation's ownership). An exception stops the erasure whole.
destroying: sent in an erasure's transaction that makes keys useless: a worker may be told to see to them.
erased: sent after commit, with `subject` and `now`.
"""

from django.dispatch import Signal

erasing = Signal()
destroying = Signal()
erased = Signal()
