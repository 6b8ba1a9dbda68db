"""The door past row-level security, for the kernel's own work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction


@contextmanager
def maintenance(using: str = DEFAULT_DB_ALIAS, *, savepoint: bool = True) -> Iterator[None]:
    """Act as `settings.SEQLENSE_MAINTENANCE_ROLE` (which row security doesn't bind) until the block ends.

    In a transaction, the caller's if there is one, so that the role can't outlive it: `SET LOCAL ROLE`.
    Blocks nest; each gives back the role it found. Without that setting, or on another database than
    PostgreSQL, only a transaction. savepoint=False, for blocks that only read: two statements fewer, but
    after an exception the caller's whole transaction is lost, and the role with it.
    """
    role = getattr(settings, "SEQLENSE_MAINTENANCE_ROLE", None)
    connection = connections[using]
    outermost = connection.get_autocommit() and not connection.in_atomic_block
    with transaction.atomic(using=using, savepoint=savepoint):
        if not role or connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role'), set_config('role', %s, true)", [role])
            found = cursor.fetchone()
        assert found is not None
        yield
        if outermost:
            return  # the end of the transaction gives the role back
        # After an exception, rolling back to before the block gives the role back as well.
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [found[0]])
