import psycopg
import pytest
from django.db import connection, connections, transaction


def test_the_product_works_under_a_role_that_row_security_binds(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("seqlense_app", "seqlense")
        cursor.execute(
            "SELECT rolbypassrls, rolsuper FROM pg_roles WHERE rolname IN (current_user, session_user)"
        )
        assert set(cursor.fetchall()) == {(False, False)}
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            cursor.execute("CREATE TABLE anything (id int)")
        with transaction.atomic():
            cursor.execute("SET LOCAL ROLE seqlense_maintenance")
            cursor.execute("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (True,)
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("seqlense_app",)


def test_a_refused_row_leaves_no_value_in_the_server_log(
    as_owner: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    for setting, value in (("log_error_verbosity", "terse"), ("log_min_error_statement", "panic")):
        assert as_owner.execute("SELECT current_setting(%s)", [setting]).fetchone() == (value,)


def test_keys_live_in_a_database_of_their_own(db: None) -> None:
    with connections["keys"].cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
