"""What a real PostgreSQL leaves: in tables, in what was deleted from them, in its log and in backups."""

import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from seqlense.privacy import residue
from seqlense.privacy.residue import Finding, Scanner
from seqlense.project.embedded import Cluster, _programs
from tests import running
from tests.residue.planting import found

NAMES = {
    "inline": "Ines Quelvaneyer-Thrymgadal",
    "chunks": "Jo Brocelandin d'Orbrezac",
    "edge": "Lena Zorvalkine-Hubrelonque",
    "deleted": "Paul Wexhollumbra-Vrindelquab",
    "row": "Mara Oskarblimt-Fenquister",
}
ROWS = 3000
SCANNER = Scanner(residue.typed("\n".join(NAMES.values())))
ABSENT = Scanner(residue.typed("Nobody Who Ever Was Stored"))


def _long(number: int, name: str) -> str:
    """Text that compresses to a half or so, too long for a row even then; the name is written twice."""
    chance = random.Random(number)
    words = ["".join(chance.choices("abcdefgh", k=chance.randint(3, 8))) for _ in range(300)]
    said = f"{name} wrote to {name} "
    return said + " ".join(chance.choice(words) for _ in range(6000)) + " " + said * 3


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server whose tables hold each name once or more, in a way of its own, and which was stopped."""
    with running.home() as home:
        cluster = Cluster(data=home / "data", socket=home / "run", log=home / "log" / "postgresql.log")
        server = cluster.start()
        try:
            with psycopg.connect(cluster.conninfo, autocommit=True) as connection:
                _fill(connection)
            _copies(cluster, home)
        finally:
            server.stop()
        yield cluster


def _fill(connection: psycopg.Connection[Any]) -> None:
    run = connection.execute
    run("create table inline (id int, about text)")
    run("insert into inline values (1, %s)", ["lorem ipsum " * 300 + NAMES["inline"] + " dolor sit" * 100])
    run("create table chunks (id int, about text)")
    run("insert into chunks values (1, %s)", [_long(1, NAMES["chunks"])])
    run("create table edge (about text)")
    run("alter table edge alter about set storage external")
    run("insert into edge values (%s)", ["n" * (1996 - 9) + NAMES["edge"] + "m" * 4000])
    run("create table deleted (id int, about text)")
    run("insert into deleted values (1, %s), (2, 'stays')", [_long(2, NAMES["deleted"])])
    run("delete from deleted where id = 1")
    run("create table row (number int, name text)")
    run(
        "insert into row select g, g || ' ' || %s || ' ' || g from generate_series(1, %s) g",
        [NAMES["row"], ROWS],
    )
    sizes = run(
        "select pg_column_size(about), length(about) from inline union all select pg_column_size(about), "
        "length(about) from chunks"
    ).fetchall()
    assert all(stored < length for stored, length in sizes), "PostgreSQL compressed them"
    run("checkpoint")


def _copies(cluster: Cluster, home: Path) -> None:
    server = ("-h", str(cluster.socket), "-U", "postgres")
    _run("pg_dump", *server, "--format=custom", "--file", home / "custom.dump", "postgres")
    _run("pg_dump", *server, "--format=custom", "--compress=0", "--file", home / "plain.dump", "postgres")
    _run("pg_dump", *server, "--format=directory", "--file", home / "directory.dump", "postgres")
    _run("pg_basebackup", *server, "-D", home / "basebackup", "--format=tar", "--gzip", "--checkpoint=fast")


def _run(program: str, *arguments: object) -> None:
    subprocess.run([_programs() / program, *map(str, arguments)], check=True)


def _of(findings: list[Finding], name: str) -> list[Finding]:
    number = list(NAMES).index(name) + 1
    return [one for one in findings if one.marker == number]


def test_tables_hold_what_they_hold_compressed_or_cut_or_deleted(cluster: Cluster) -> None:
    tables = found(cluster.data / "base", scanner=SCANNER)
    assert {one.inside for one in _of(tables, "inline")} == {("toast pglz",)}
    assert ("toast pglz",) in {one.inside for one in _of(tables, "chunks")}
    assert {one.inside for one in _of(tables, "edge")} == {("toast",)}
    assert ("toast pglz",) in {one.inside for one in _of(tables, "deleted")}
    assert len(_of(tables, "row")) == ROWS
    assert found(cluster.data, scanner=ABSENT) == []


def test_the_write_ahead_log_is_read_across_its_pages(cluster: Cluster) -> None:
    log = found(cluster.data / "pg_wal", scanner=SCANNER)
    assert {("toast pglz",)} == {one.inside for one in _of(log, "inline")}
    for name in ("chunks", "deleted", "edge"):
        assert _of(log, name), name
    assert len({one.offset for one in _of(log, "row")}) >= ROWS  # more: images of whole pages
    crossing = [one for one in _of(log, "row") if one.offset % 8192 > 8192 - len(NAMES["row"])]
    assert crossing, "some name lies on both sides of a page's head"


def test_backups_hold_the_same(cluster: Cluster) -> None:
    home = cluster.data.parent
    for dump in ("custom.dump", "plain.dump", "directory.dump"):
        counts = Counter(one.marker for one in found(home / dump, scanner=SCANNER))
        assert counts[list(NAMES).index("row") + 1] >= ROWS, dump
        assert set(counts) == {1, 2, 3, 5}, f"{dump}: what was deleted isn't dumped"
    base = found(home / "basebackup", scanner=SCANNER)
    assert {one.marker for one in base} == {1, 2, 3, 4, 5}
    assert {one.inside[:1] for one in base} == {("gzip",)}
    assert found(home / "basebackup", home / "custom.dump", scanner=ABSENT) == []
