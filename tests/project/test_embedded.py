"""The server that comes along: it starts, keeps what it was given, and its log tells no value."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from seqlense.project import database
from seqlense.project.embedded import Cluster, running


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="seqlense-pg-"))
    yield Cluster(
        data=folder / "data", socket=folder / "run", log=folder / "log" / "postgresql.log", durable=False
    )
    shutil.rmtree(folder, ignore_errors=True)


def test_it_starts_twice_and_its_log_tells_no_value(cluster: Cluster) -> None:
    where = psycopg.conninfo.make_conninfo(cluster.conninfo, dbname="seqlense", user="seqlense")
    with running(cluster):
        for _ in range(2):
            database.create_database(cluster.conninfo, name="seqlense", owner="seqlense")
        with psycopg.connect(where, autocommit=True) as owner:
            assert database.roles_ready(owner, owner="seqlense")
            database.grant_by_default(owner, owner="seqlense")
            owner.execute("CREATE TABLE people (email text PRIMARY KEY)")
            owner.execute("SET ROLE seqlense_app")
            owner.execute("INSERT INTO people VALUES (%s)", ["alice@example.org"])
            for statement in (
                "INSERT INTO people VALUES ('alice@example.org')",
                "SELECT 'alice@example.org'::int",
            ):
                with pytest.raises(psycopg.Error):
                    owner.execute(statement)
        with running(cluster):  # the same server
            pass
        assert cluster.answers()
    assert not cluster.answers()
    with running(cluster), psycopg.connect(where) as owner:
        assert owner.execute("SELECT count(*) FROM people").fetchone() == (1,)
    log = cluster.log.read_text()
    assert "alice" not in log
