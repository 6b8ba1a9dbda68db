"""Who may do what in PostgreSQL.

The role that signs in owns the tables and migrates them. At work the process takes the role `seqlense_app`,
which row security binds; the kernel's own acts take `seqlense_maintenance` for one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

OWNER = "seqlense"
APP = "seqlense_app"
MAINTENANCE = "seqlense_maintenance"
ROLES = {APP: "NOLOGIN NOBYPASSRLS", MAINTENANCE: "NOLOGIN BYPASSRLS"}


def create_roles(
    admin: psycopg.Connection[tuple[object, ...]], *, owner: str, create_owner: bool = False
) -> None:
    """Make the roles that are missing; `admin` is a superuser in autocommit; repeating it is harmless."""
    wanted = {owner: "LOGIN NOSUPERUSER CREATEDB", **ROLES} if create_owner else ROLES
    for role, attributes in wanted.items():
        if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
            admin.execute(sql.SQL("CREATE ROLE {} " + attributes).format(sql.Identifier(role)))
    for role in ROLES:
        admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(owner)))


def grant_by_default(
    connection: psycopg.Connection[tuple[object, ...]], *, owner: str, also: tuple[str, ...] = ()
) -> None:
    """What the owner creates from now on, the working roles may use; a migration may take some of it back."""
    tables = sql.SQL(", ").join(map(sql.SQL, ("SELECT", "INSERT", "UPDATE", "DELETE", *also)))
    for role in ROLES:
        names = {"owner": sql.Identifier(owner), "role": sql.Identifier(role), "rights": tables}
        for statement in (
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT {rights} ON TABLES TO {role}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON ROUTINES TO {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
        ):
            connection.execute(sql.SQL(statement).format(**names))


def create_database(conninfo: str, *, name: str, owner: str) -> None:
    """Roles and an empty database of the owner's, by a superuser; what exists is left alone."""
    with psycopg.connect(conninfo, autocommit=True) as admin:
        create_roles(admin, owner=owner, create_owner=True)
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
            )
    with psycopg.connect(psycopg.conninfo.make_conninfo(conninfo, dbname=name), autocommit=True) as inside:
        grant_by_default(inside, owner=owner)


@contextmanager
def as_owner(alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Work as the role that signed in, which owns the tables: for migrations alone."""
    connection = connections[alias]
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    role = options.pop("assume_role", None)
    try:
        yield
    finally:
        connection.close()
        if role is not None:
            options["assume_role"] = role
