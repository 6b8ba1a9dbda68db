"""What a rotation says to those above, who know the people whose keys it moved.

retiring: every key is wrapped under the new epoch, and the former epoch's key is about to be destroyed. With
    `epoch`, `former` and `now`. A receiver that raises keeps the former key; the next rotation asks again.
rotated: it is destroyed. With `epoch`, `keys` (how many are wrapped under it) and `now`. Sent again by the
    next rotation if the process died before all was noted: receivers note it once.
"""

from django.dispatch import Signal

retiring = Signal()
rotated = Signal()
