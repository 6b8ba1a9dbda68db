"""Every test run has its own PostgreSQL, keystore and epoch keys, and no network but this machine's.

One embedded server serves all xdist workers, each with a database of its own. It starts with the first test
that needs it. Tests run under the application's role, so row security binds them as it binds the product.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from psycopg import sql

from seqlense.kit import clock
from seqlense.privacy import keystore, running
from seqlense.privacy.keystore import vault
from seqlense.privacy.log import place
from seqlense.project import database
from seqlense.project.embedded import SUPERUSER, Cluster, Server

CLUSTER = "SEQLENSE_TEST_CLUSTER"  # the running server's folder, told to the workers
ALIASES = ["default", "keys"]
LONG = {"test_restoring.py", "test_nothing_left.py", "test_crashes.py", "test_journey.py", "test_bench.py"}
PLANTED = {"django_content_type", "auth_permission"}
LOG: Path = settings.SEQLENSE_LOG
ANY_JOB = (
    "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs) OR EXISTS (SELECT 1 FROM procrastinate_periodic_defers)"
)
_server: list[Server] = []


class NetworkUsed(RuntimeError):
    """A test reached for a host outside this machine."""


def _only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = arguments
    else:
        return
    host = address[0] if isinstance(address, tuple) else None
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in ("", "localhost"):
        return
    try:
        local = ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        local = False
    if not local:
        raise NetworkUsed(host)


def _cluster(folder: Path) -> Cluster:
    return Cluster(
        data=folder / "data", socket=folder / "run", log=folder / "log" / "postgresql.log", durable=False
    )


def _start_server() -> Path:
    """The folder of this run's server, started unless a worker's controller did."""
    if told := os.environ.get(CLUSTER):
        return Path(told)
    folder = Path(tempfile.mkdtemp(prefix="seqlense-pg-"))
    folder.chmod(0o711)
    cluster = _cluster(folder)
    _server.append(cluster.start())
    with psycopg.connect(cluster.conninfo, autocommit=True) as admin:
        database.create_roles(admin, owner=database.OWNER, create_owner=True)
    template = psycopg.conninfo.make_conninfo(cluster.conninfo, dbname="template1")
    with psycopg.connect(template, autocommit=True) as inside:
        # Django's flush between transactional tests truncates; nobody else may.
        database.grant_by_default(inside, owner=database.OWNER, also=("TRUNCATE",))
    os.environ[CLUSTER] = str(folder)
    return folder


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_only_loopback)
    TransactionTestCase._fixture_teardown = _emptied  # type: ignore[attr-defined]  # Django's own
    home: Path = settings.SEQLENSE_HOME
    for folder in (home, home / "keystore", settings.SEQLENSE_EPOCH_KEYS):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    connections["keys"].settings_dict["TEST"]["NAME"] = str(home / "keystore" / "test.sqlite3")
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        _start_server()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(settings.SEQLENSE_HOME, ignore_errors=True)
    while _server:
        server = _server.pop()
        server.stop()
        del os.environ[CLUSTER]
        shutil.rmtree(server.cluster.data.parent, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Long files go first, so that no worker is still at one when the others have nothing left to do."""
    session.items.sort(key=lambda item: item.path.name not in LONG)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every database test has both databases; whoever asks for a database fixture needs no mark."""
    fixtures = {"db": False, "transactional_db": True, "live_server": True}
    for item in items:
        mark = item.get_closest_marker("django_db")
        asked = [fixtures[name] for name in getattr(item, "fixturenames", ()) if name in fixtures]
        if mark is None and not asked:
            continue
        arguments: dict[str, Any] = dict(mark.kwargs) if mark else {"transaction": any(asked)}
        arguments.setdefault("databases", ALIASES)
        item.add_marker(pytest.mark.django_db(*(mark.args if mark else ()), **arguments), append=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    connection = connections["default"].settings_dict
    connection["HOST"] = str(_cluster(_start_server()).socket)
    connection["USER"] = database.OWNER
    connection["PORT"] = connection["PASSWORD"] = ""
    connection["OPTIONS"].pop("assume_role", None)  # the owner creates and migrates


@pytest.fixture(autouse=True)
def _register_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test begins with an act that tells of the running register, or believes that another's was told."""
    monkeypatch.setattr(running, "_enlisted", {running.register().version})


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Generator[None]:
    connection = connections["default"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["OPTIONS"]["assume_role"] = database.APP
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["OPTIONS"].pop("assume_role", None)


def _emptied(case: TransactionTestCase) -> None:
    """As Django does it; but it truncates all tables and plants anew what migrations did: a second a test."""
    _bring_the_epoch_back()
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]  # Django's own
        if alias == "default":
            _empty_data()
        else:
            call_command("flush", verbosity=0, interactive=False, database=alias, inhibit_post_migrate=True)
    vault.initialise_if_new()


def _bring_the_epoch_back() -> None:
    """A test that rotated in the future leaves an epoch that hasn't begun for the others."""
    moment = clock.now()
    with suppress(keystore.KeystoreError):  # a keystore that the test spoilt is made anew below
        if keystore.status(now=moment).age < timedelta(0):
            keystore.rotate(now=moment)


def _empty_data() -> None:
    """Delete the rows of all Django's tables that have any, but for what stands there from the start."""
    where = connections["default"].settings_dict
    names = connections["default"].introspection.django_table_names(only_existing=False)
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(name, sql.Identifier(name))
        for name in names
        if name not in PLANTED
    ]
    with psycopg.connect(
        host=where["HOST"], user=SUPERUSER, dbname=where["NAME"], autocommit=True
    ) as superuser:
        found = [name for (name,) in superuser.execute(sql.SQL(" UNION ALL ").join(asked))]
        superuser.execute("SET session_replication_role = replica")  # no trigger holds back a proof row
        for name in found:
            superuser.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def _no_job_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Django's flush between transactional tests leaves the task queue's tables alone."""
    yield
    mark = request.node.get_closest_marker("django_db")
    if mark is not None and mark.kwargs.get("transaction"):
        where = connections["default"].settings_dict
        with psycopg.connect(
            host=where["HOST"], user=where["USER"], dbname=where["NAME"], autocommit=True
        ) as owner:
            if owner.execute(ANY_JOB).fetchone() == (True,):
                owner.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")


@pytest.fixture(autouse=True)
def _no_log_left() -> Iterator[None]:
    """A log that outlives its test would know more than the emptied database."""
    yield
    if LOG.exists():
        shutil.rmtree(LOG)
    place._tiles.cache_clear()


@pytest.fixture(autouse=True)
def _in_french() -> Iterator[None]:
    """Each test begins in the product's first language, whatever a page before it was asked in."""
    with translation.override("fr"):
        yield


@pytest.fixture
def as_owner(db: None) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A second connection, as the owner of the tables, to look at what row security hides."""
    where = connections["default"].settings_dict
    with psycopg.connect(
        host=where["HOST"], user=where["USER"], dbname=where["NAME"], autocommit=True
    ) as owner:
        yield owner


@pytest.fixture
def child_environment(transactional_db: None) -> dict[str, str]:
    """What a subprocess needs to work on this test's databases: for tests that kill it."""
    where = connections["default"].settings_dict
    keys = connections["keys"].settings_dict
    return {
        **os.environ,
        "SEQLENSE_MODE": "test",
        "SEQLENSE_HOME": str(settings.SEQLENSE_HOME),
        "SEQLENSE_SECRET_KEY": settings.SECRET_KEY,
        "SEQLENSE_EPOCH_KEYS": str(settings.SEQLENSE_EPOCH_KEYS),
        "DATABASE_URL": f"postgresql://{where['USER']}@/{where['NAME']}?host={where['HOST']}",
        "SEQLENSE_KEYS_URL": f"sqlite:///{keys['NAME']}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
