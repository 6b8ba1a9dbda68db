"""Who may do what in PostgreSQL.

The role that signs in owns the tables and migrates them. At work the process takes the role `seqlense_app`,
which row security binds; the kernel's own acts take `seqlense_maintenance` for one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

OWNER = "seqlense"
APP = "seqlense_app"
MAINTENANCE = "seqlense_maintenance"
ROLES = {APP: "NOLOGIN NOBYPASSRLS", MAINTENANCE: "NOLOGIN BYPASSRLS"}
LOGIN = "LOGIN NOSUPERUSER CREATEDB"

type Connection = psycopg.Connection[tuple[object, ...]]


def create_roles(admin: Connection, *, owner: str, create_owner: bool = False) -> None:
    """Make the roles that are missing; `admin` is in autocommit; repeating it is harmless."""
    wanted = {owner: LOGIN, **ROLES} if create_owner else ROLES
    for role, attributes in wanted.items():
        if not _exists(admin, role):
            admin.execute(sql.SQL(f"CREATE ROLE {{}} {attributes}").format(sql.Identifier(role)))
    for role in ROLES:
        admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(owner)))


def _exists(admin: Connection, role: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def roles_ready(connection: Connection, *, owner: str) -> bool:
    """Whether the owner may already take both working roles."""
    return all(
        _exists(connection, role)
        and connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [owner, role]).fetchone() == (True,)
        for role in ROLES
    )


def statements_for_superuser(owner: str) -> list[str]:
    """What a database of the company's own needs once, where our role may not make roles."""
    quoted = '"' + owner.replace('"', '""') + '"'
    return [f"CREATE ROLE {role} {attributes}" for role, attributes in ROLES.items()] + [
        f"GRANT {', '.join(ROLES)} TO {quoted}"
    ]


def grant_by_default(connection: Connection, *, owner: str, also: tuple[str, ...] = ()) -> None:
    """What the owner creates from now on, the working roles may use; a migration may take some of it back."""
    rights = sql.SQL(", ").join(map(sql.SQL, ("SELECT", "INSERT", "UPDATE", "DELETE", *also)))
    for role in ROLES:
        names = {"owner": sql.Identifier(owner), "role": sql.Identifier(role), "rights": rights}
        for statement in (
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT {rights} ON TABLES TO {role}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON ROUTINES TO {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
        ):
            connection.execute(sql.SQL(statement).format(**names))


def create_database(conninfo: str, *, name: str, owner: str) -> None:
    """The owner's role and an empty database of its own, by a superuser; what exists is left alone."""
    with psycopg.connect(conninfo, autocommit=True) as admin:
        create_roles(admin, owner=owner, create_owner=True)
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            admin.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))


@contextmanager
def as_owner(alias: str = "default") -> Iterator[None]:
    """Work as the role that signed in, which owns the tables: for migrations alone."""
    from django.db import connections

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
