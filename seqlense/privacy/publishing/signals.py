"""What publishing asks of the rooms above.

telling: sent in the transaction of each batch of people to be told, with `waiting`, `version` and `now`.
`waiting` is a dictionary of person → id of the `Told` row; whoever writes to somebody takes them out of it. A
message's `about` is that id, and `telling.letter` says what to write.
using: sent with `activity`; a room whose own rows don't last answers with the activities whose people it
uses.
"""

from django.dispatch import Signal

telling = Signal()
using = Signal()
