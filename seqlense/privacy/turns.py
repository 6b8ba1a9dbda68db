"""One at a time: whatever deletes sets of rows takes its turn, so that none waits in a circle."""

from django.db import connection

DELETING = 0x5E91E25E


def take_turn() -> None:
    """Wait until no other erasure, sweep's batch or new hold is at work. Lasts until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [DELETING])
