"""The door past row security closes by itself."""

import pytest
from django.db import connection, transaction

from seqlense.privacy import reach

pytestmark = pytest.mark.django_db(transaction=True)
APP, MAINTENANCE = "seqlense_app", "seqlense_maintenance"


class Oops(Exception):
    """Something went wrong within."""


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        found = cursor.fetchone()
    assert found is not None
    return str(found[0])


def test_only_within_the_block_however_it_ends() -> None:
    assert role() == APP
    with reach.maintenance():
        assert role() == MAINTENANCE
    assert role() == APP
    with pytest.raises(Oops), reach.maintenance():
        raise Oops
    assert role() == APP


def test_blocks_nest_and_give_back_the_role_they_found() -> None:
    with transaction.atomic():
        with reach.maintenance():
            with reach.maintenance():
                assert role() == MAINTENANCE
            assert role() == MAINTENANCE
            with pytest.raises(Oops), reach.maintenance():
                raise Oops
            assert role() == MAINTENANCE
        assert role() == APP
    assert role() == APP


def test_without_a_maintenance_role_it_is_only_a_transaction(settings: pytest.MonkeyPatch) -> None:
    settings.SEQLENSE_MAINTENANCE_ROLE = None  # type: ignore[attr-defined]
    with reach.maintenance():
        assert role() == APP
        assert connection.in_atomic_block
