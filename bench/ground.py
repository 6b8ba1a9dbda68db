"""What measurements stand on: a PostgreSQL of their own, the product's roles, ten tables, a keystore."""

import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import django
import psycopg
from django.conf import settings
from django.core.management import call_command

from seqlense.kit.clock import now

ROOMS = ["seqlense.privacy.keystore", "seqlense.privacy", "bench.tables"]
AT_ONCE = 50_000
SHIPPED = Path(__file__).parents[1] / "seqlense" / "project" / "company"


@contextmanager
def ground(*, fast: bool = False) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Django on a fresh server; a connection of the tables' owner. fast: commits don't wait for the disk."""
    from seqlense.project import database
    from seqlense.project.embedded import Cluster

    with tempfile.TemporaryDirectory(prefix="seqlense-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        cluster = Cluster(
            data=home / "data", socket=home / "run", log=home / "log" / "postgresql.log", durable=not fast
        )
        server = cluster.start()
        try:
            database.create_database(cluster.conninfo, name="bench", owner=database.OWNER)
            _configure(home, str(cluster.socket), database.OWNER, database.APP, database.MAINTENANCE)
            with psycopg.connect(cluster.conninfo, autocommit=True) as admin:
                admin.execute(f"grant pg_checkpoint to {database.OWNER}")
                admin.execute(f"grant set on parameter session_replication_role to {database.OWNER}")
            login: dict[str, Any] = {
                "host": str(cluster.socket),
                "user": database.OWNER,
                "dbname": "bench",
                "autocommit": True,
            }
            with psycopg.connect(**login) as owner:
                database.grant_by_default(owner, owner=database.OWNER)
            with database.as_owner():
                call_command("migrate", verbosity=0)
                call_command("migrate", database="keys", verbosity=0)
                _create_tables()
            with psycopg.connect(**login) as owner:
                yield owner
        finally:
            from django.db import connections

            connections.close_all()
            server.stop()


def _create_tables() -> None:
    from django.db import connection

    from bench.tables.models import TABLES, Bare, Event, Record, Watched

    models: list[type[Record]] = [*TABLES, Event, Watched, Bare]
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)


def _configure(home: Path, socket: str, owner: str, app: str, maintenance: str) -> None:
    keys = home / "epoch-keys"
    keys.mkdir(mode=0o700)
    company = home / "company"
    company.mkdir()
    for name in ("controller.yaml", "recipients.yaml"):
        shutil.copy(SHIPPED / name, company)
    settings.configure(
        SECRET_KEY="measurements keep no secrets",  # noqa: S106
        USE_TZ=True,
        TIME_ZONE="UTC",
        INSTALLED_APPS=ROOMS,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASE_ROUTERS=["seqlense.privacy.routers.KeysRouter"],
        SEQLENSE_EPOCH_KEYS=keys,
        SEQLENSE_REGISTER=company,
        SEQLENSE_APP_ROLE=app,
        SEQLENSE_MAINTENANCE_ROLE=maintenance,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "bench",
                "USER": owner,
                "HOST": socket,
                "CONN_MAX_AGE": None,
                "OPTIONS": {"server_side_binding": True, "assume_role": app},
            },
            "keys": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": home / "keys.sqlite3",
                "OPTIONS": {
                    "init_command": "PRAGMA secure_delete=ON; PRAGMA synchronous=FULL;",
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                },
            },
        },
    )
    django.setup()


def fill(
    owner: psycopg.Connection[tuple[Any, ...]],
    tables: Sequence[str],
    rows: int,
    *,
    each: int = 10,
    age: str = "interval '30 days'",
    together: bool = False,
) -> None:
    """Rows of strangers in each table, `each` of them a person in every table; ciphertext of usual length.

    age: how long before today they were recorded, as SQL over the number `g.n` of the row. Near in time lie
    near on disk, as in life. together: so do those of one person.
    """
    people = max(1, rows // each)
    owner.execute(
        "create temporary table strangers as select gen_random_uuid() as id, n from generate_series(0, %s) n",
        [people - 1],
    )
    whose = f"g.n / {each}" if together else f"g.n % {people}"
    owner.execute("insert into privacy_subject (id, created_at) select id, now() from strangers")
    owner.execute("create unique index on strangers (n)")
    sealed = ", ".join(["decode(repeat(md5(g.n::text), 4), 'hex')"] * 3)
    for table in tables:
        with _laid_down_quickly(owner, table):
            for start in range(0, rows, AT_ONCE):
                owner.execute(
                    f"insert into {table} (id, subject_id, name, address, note, amount, at) "
                    f"select gen_random_uuid(), s.id, {sealed}, g.n % 1000, now() - ({age}) "
                    f"from generate_series({start}, {min(rows, start + AT_ONCE) - 1}) g(n) "
                    f"join strangers s on s.n = {whose} order by g.n"
                )
        owner.execute(f"vacuum (analyze) {table}")
    owner.execute("drop table strangers")
    owner.execute("vacuum (analyze) privacy_subject")


@contextmanager
def _laid_down_quickly(owner: psycopg.Connection[tuple[Any, ...]], table: str) -> Iterator[None]:
    """Indexes made once the rows are there, and no check of each row's foreign key."""
    indexes = owner.execute(
        "select indexname, indexdef from pg_indexes where tablename = %s and indexname <> %s",
        [table, f"{table}_pkey"],
    ).fetchall()
    for name, _ in indexes:
        owner.execute(f'drop index "{name}"')
    owner.execute(f"alter table {table} drop constraint {table}_pkey")
    owner.execute("set session_replication_role = replica")
    try:
        yield
    finally:
        owner.execute("reset session_replication_role")
        owner.execute(f"alter table {table} add primary key (id)")
        for _, definition in indexes:
            owner.execute(definition)


def person(rows: int, tables: Sequence[Any]) -> UUID:
    """Somebody with that many rows, spread evenly over the tables, truly sealed."""
    from seqlense.privacy import subjects

    moment = now()
    who = subjects.create(now=moment)
    for model in tables:
        model.objects.bulk_create(
            model(
                subject_id=who,
                name="Ada Martin-Lefèvre",
                address=f"{number} rue des Trois Évêchés, 57000 Metz",
                note="Called about her order, wants a call back next week, prefers the morning. " * 2,
                amount=number,
                at=moment,
            )
            for number in range(rows // len(tables))
        )
    return who


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def median_ms(times: Sequence[float]) -> float:
    """The median, in milliseconds."""
    return statistics.median(times) * 1000
