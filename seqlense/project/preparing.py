"""Before the first page: roles, tables, static files and, in development, people to look at.

    python -m seqlense.project.preparing [--demo]

Needs a PostgreSQL that answers. Repeating it changes nothing.
"""

import json
import os
import sys
from pathlib import Path

import psycopg

from seqlense.project import database
from seqlense.project.environment import Database, Environment, RefusedEnvironment

PLANTED = "demo-planted"
PRIVATE = 0o700


class UnpreparedDatabase(Exception):
    """The roles are missing and we may not make them; the message says what a superuser has to run."""


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
    try:
        environment = Environment.read()
        folders(environment)
        roles(environment.database)
    except (UnpreparedDatabase, RefusedEnvironment) as unprepared:
        sys.stderr.write(f"{unprepared}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}. The account that runs Seqlense must own it.\n")
        return 3
    except psycopg.OperationalError:  # its own words may hold the password
        sys.stderr.write("The database doesn't answer. Start it, or correct DATABASE_URL.\n")
        return 3
    tables()
    static_files()
    if "--demo" in arguments:
        demo(environment.home)
    return 0


def folders(environment: Environment) -> None:
    """The home folder, the keystore's and that of the epoch keys, for this account alone, where missing."""
    wanted = [environment.home, environment.epoch_keys]
    if "sqlite" in environment.keys.engine:
        wanted.append(Path(environment.keys.name).parent)
    for folder in wanted:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)


def roles(where: Database) -> None:
    """The two working roles and what they may do, made by the role that signs in if it is allowed to."""
    conninfo = psycopg.conninfo.make_conninfo(
        **dict(where.parameters),
        dbname=where.name,
        **{
            name: value
            for name, value in [
                ("user", where.user),
                ("password", where.password),
                ("host", where.host),
                ("port", where.port),
            ]
            if value
        },
    )
    with psycopg.connect(conninfo, autocommit=True) as connection:
        owner = str(connection.info.user)
        try:
            if not database.roles_ready(connection, owner=owner):
                database.create_roles(connection, owner=owner)
            database.grant_by_default(connection, owner=owner)
        except psycopg.errors.InsufficientPrivilege:
            raise UnpreparedDatabase(
                f"The role {owner} may not create roles. Let a superuser of the database run:\n"
                + "".join(f"  {statement};\n" for statement in database.statements_for_superuser(owner))
            ) from None


def tables() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    with database.as_owner():
        call_command("migrate", verbosity=0)
    call_command("migrate", database="keys", verbosity=0)


def static_files() -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def demo(home: Path) -> None:
    """Believable people and organisations, once per home."""
    if (home / PLANTED).exists():
        return
    from seqlense.kit import clock
    from seqlense.project.demo import upkeep
    from seqlense.project.demo.planting import plant
    from seqlense.project.demo.signs import SIGN_INS

    plant(now=clock.now())
    upkeep.keep(now=clock.now())
    sign_ins = [{"who": who, "email": email, "password": password} for who, email, password in SIGN_INS]
    (home / "sign-ins.json").write_text(json.dumps(sign_ins), encoding="utf-8")
    (home / PLANTED).touch()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
