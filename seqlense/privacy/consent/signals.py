"""What is said aloud when somebody's consent begins or ends.

changed: sent inside the transaction, with `subject`, `purpose`, `given` (whether it is from now on) and
`now`: stop, or erase, what rested on it. Sent again for the same end by a replay in a restored database.
"""

from django.dispatch import Signal

changed = Signal()
