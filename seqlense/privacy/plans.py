"""Plans that PostgreSQL keeps: of statements that come often, planning takes longer than running."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def kept(after: int = 2) -> Iterator[None]:
    """Prepare what is executed in the block once it has come that often (psycopg's `prepare_threshold`).

    Only where one plan serves all values well: elsewhere a plan for these values is worth its time.
    """
    connection.ensure_connection()
    driver = connection.connection
    before, driver.prepare_threshold = driver.prepare_threshold, after
    try:
        yield
    finally:
        driver.prepare_threshold = before
