"""The wall between tenants holds in the database itself, whatever the code above it does."""

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from seqlense.accounts.models import Account
from seqlense.organisations import doors, tenancy
from seqlense.organisations.models import Handover, Invitation, Membership, Organisation
from tests import cast

pytestmark = pytest.mark.django_db

POLICY = "= (NULLIF(current_setting('app.organisation'::text, true), ''::text))::uuid)"

TENANT_TABLES = """
    select c.relname, c.relrowsecurity, c.relforcerowsecurity
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisation_id' and not
    a.attisdropped where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace union select
    relname, relrowsecurity, relforcerowsecurity from pg_class where relname = 'organisations_organisation'
"""
TENANT_KEYS = """
    select k.conrelid::regclass::text, k.conname,
           array(select attname::text from unnest(k.conkey) n
                 join pg_attribute on attrelid = k.conrelid and attnum = n)
    from pg_constraint k where k.contype = 'f' and k.confrelid::regclass::text = any(%s)
      and k.conrelid::regclass::text = any(%s)
"""


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def tenant_tables() -> dict[str, list[bool]]:
    return {name: flags for name, *flags in rows(TENANT_TABLES)}


def test_every_table_of_tenants_is_walled_off_by_force() -> None:
    tables = tenant_tables()
    assert {"organisations_organisation", "organisations_membership"} <= tables.keys()
    for table, flags in tables.items():
        assert flags == [True, True], f"{table}: row security must be enabled and forced"
        column = "id" if table == "organisations_organisation" else "organisation_id"
        policies = rows(
            "select policyname, permissive, cmd, qual, with_check from pg_policies where tablename = %s",
            table,
        )
        shape = f"({column} {POLICY}"
        assert policies == [("tenant", "PERMISSIVE", "ALL", shape, shape)], table


def test_keys_between_tenants_rows_stay_inside_one_organisation() -> None:
    below = [table for table in tenant_tables() if table != "organisations_organisation"]
    for table, name, columns in rows(TENANT_KEYS, below, below):
        assert "organisation_id" in columns, f"{table}: {name} can reach into another organisation"


def test_we_work_as_a_role_that_the_wall_binds() -> None:
    [(role, bypasses, superuser)] = rows(
        "select rolname, rolbypassrls, rolsuper from pg_roles where rolname = current_user"
    )
    assert (role, bypasses, superuser) == ("seqlense_app", False, False)
    owners = rows("select distinct tableowner from pg_tables where tablename like 'organisations_%%'")
    assert owners != [("seqlense_app",)]


@pytest.fixture
def two() -> tuple[UUID, UUID]:
    """Alice's organisation and Charlie's, each with an invitation."""
    company, charlie = cast.company(), cast.charlie()
    other = cast.founded(charlie, "Ailleurs")
    cast.invited(company.organisation, company.alice, "someone@arnaud.example")
    cast.invited(other, charlie, "someone@ailleurs.example")
    return company.organisation.pk, other.pk


TABLES = [Organisation, Membership, Invitation, Handover]


@pytest.mark.parametrize("model", TABLES)
def test_without_a_setting_nothing_is_there(two: tuple[UUID, UUID], model: type[Organisation]) -> None:
    assert model.objects.count() == 0
    table = model._meta.db_table
    assert rows(f"select count(*) from {table}") == [(0,)]
    assert rows(f"update {table} set id = id returning 1") == []
    assert rows(f"delete from {table} returning 1") == []


def test_inside_one_organisation_the_other_is_not_there(two: tuple[UUID, UUID]) -> None:
    here, there = two
    with tenancy.inside(here):
        assert [one.pk for one in Organisation.objects.all()] == [here]
        assert Membership.objects.count() == 3
        assert Invitation.objects.filter(organisation=there).count() == 0
        assert rows("select count(*) from organisations_membership where organisation_id = %s", there) == [
            (0,)
        ]
        assert (
            rows("delete from organisations_membership where organisation_id = %s returning 1", there) == []
        )
        assert rows("update organisations_organisation set name = 'x' where id = %s returning 1", there) == []
        with tenancy.inside(there):
            assert Membership.objects.count() == 1
        assert Membership.objects.count() == 3, "the setting comes back"
    assert Membership.objects.count() == 0


WRITES = {
    "an organisation": "insert into organisations_organisation (id, name, created_at, revision) "
    "values (%(there)s, 'x', now(), 1)",
    "a membership there": "insert into organisations_membership "
    "(id, organisation_id, subject_id, role, joined_at, opened_account) select gen_random_uuid(), %(there)s, "
    "subject_id, 'owner', now(), false from organisations_membership limit 1",
    "moving a membership": "update organisations_membership set organisation_id = %(there)s",
}


@pytest.mark.parametrize("sql", WRITES.values(), ids=WRITES.keys())
def test_nothing_can_be_written_into_the_other(two: tuple[UUID, UUID], sql: str) -> None:
    here, there = two
    with (
        tenancy.inside(here),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, {"there": there})


@pytest.mark.parametrize("setting", ["", "none", "00000000-0000-0000-0000-000000000000"])
def test_a_setting_that_names_nothing_shows_nothing(two: tuple[UUID, UUID], setting: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('app.organisation', %s, true)", [setting])
        try:
            with transaction.atomic():
                assert Membership.objects.count() == 0
        except DatabaseError as error:
            # Empty or refused: both are safe.
            assert "invalid input syntax for type uuid" in str(error)  # noqa: PT017


def test_a_failed_block_leaves_no_organisation_open(two: tuple[UUID, UUID]) -> None:
    with pytest.raises(RuntimeError), tenancy.inside(two[0]):
        raise RuntimeError
    assert Membership.objects.count() == 0


def test_an_offer_cannot_be_made_to_somebody_outside(two: tuple[UUID, UUID]) -> None:
    here, _ = two
    charlie = Account.objects.get(subject_id__in=cast_subjects("Charlie Çelik"))
    with (
        tenancy.inside(here),
        pytest.raises(DatabaseError, match="organisations_handover_to_a_member"),
        transaction.atomic(),
    ):
        Handover.objects.create(
            organisation_id=here,
            subject_id=charlie.subject_id,
            offered_at=cast.OPENED,
            expires_at=cast.OPENED,
        )


def cast_subjects(name: str) -> list[UUID]:
    return [one.subject_id for one in Account.objects.all() if one.name == name]


def test_the_door_shows_each_person_their_own(two: tuple[UUID, UUID]) -> None:
    here, there = two
    by_name = {one.name: one for one in Account.objects.all()}
    assert [one.organisation for one in doors.mine(by_name["Alice Arnaud"].subject_id)] == [here]
    assert [one.organisation for one in doors.mine(by_name["Charlie Çelik"].subject_id)] == [there]
    assert [one.members for one in doors.mine(by_name["Bob Bauer"].subject_id)] == [3]
    assert Membership.objects.count() == 0, "the door closes behind us"
    assert rows("select current_user") == [("seqlense_app",)]
