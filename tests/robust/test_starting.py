"""What can't be worked with is refused at start, in words that say where and what to do; no traceback."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from seqlense.kit.identifiers import uuid7
from tests.robust.conftest import Installation

STRAY = {"DJANGO_SETTINGS_MODULE": "tests.robust.stray.settings"}


def _is_plain(said: str) -> None:
    assert "Traceback" not in said
    assert 'File "' not in said
    assert "Seqlense doesn't start." in said or said.startswith("seqlense: ")


def test_a_broken_register_is_named_by_file_line_and_key(installation: Installation, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    whole = Path("seqlense/accounts/register/accounts.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "accounts.yaml"
    with installation.pages() as running:
        broken.write_text(whole.replace("status: active", "status: sometimes"), encoding="utf-8")
        line = 1 + whole[: whole.index("status: active")].count("\n")
        named = re.compile(rf"accounts\.yaml:{line}:? .*status")
        said = installation.server_refused(SEQLENSE_REGISTER=str(tmp_path))
        _is_plain(said)
        assert named.search(said), said
        assert said.count("accounts.yaml:") == 1
        worker = installation.command("worker", SEQLENSE_REGISTER=str(tmp_path))
        assert worker.returncode == 1
        _is_plain(worker.stderr)
        assert named.search(worker.stderr), worker.stderr
        assert running.get("/fr/privacy/").status == 200, "pages that run already go on"


def test_a_column_nobody_declared_starts_nothing(installation: Installation) -> None:
    said = installation.pages_refused(**STRAY)
    _is_plain(said)
    for command in (["worker"], ["retention", "run"]):
        refused = installation.command(*command, **STRAY)
        assert refused.returncode == 1
        _is_plain(refused.stderr)
        assert "stray.Visitor" in refused.stderr
        assert re.search(r"privacy\.E\d{3}", refused.stderr)
        assert "HINT:" in refused.stderr
    assert "stray.Visitor" in said
    assert re.search(r"privacy\.E\d{3}", said)
    assert "HINT:" in said


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A file and what lies beside it by that name, put back afterwards."""
    kept = path.parent.with_name("aside")
    shutil.copytree(path.parent, kept)
    try:
        yield path
    finally:
        shutil.rmtree(path.parent)
        kept.rename(path.parent)


def _of_another_installation(keystore: Path) -> None:
    with closing(sqlite3.connect(keystore)) as file, file:
        file.execute("UPDATE keystore_vault SET installation = ?", [uuid7().hex])


def _removed(keystore: Path) -> None:
    for path in keystore.parent.iterdir():
        path.unlink()


def _garbage(keystore: Path) -> None:
    _removed(keystore)
    keystore.write_bytes(b"not a database, not a database, " * 300)


@pytest.mark.parametrize(
    ("harm", "code", "words"),
    [
        (_of_another_installation, "wrong-installation", "belong to this data"),
        (_removed, "keystore-missing", "Start with the keystore that belongs to it"),
        (_garbage, "keystore-damaged", "Put back its last copy"),
    ],
)
def test_a_keystore_that_isn_t_ours_starts_nothing(
    installation: Installation, harm: object, code: str, words: str
) -> None:
    with _aside(installation.keystore) as keystore:
        assert callable(harm)
        harm(keystore)
        said = installation.pages_refused()
        doctor = installation.command("doctor", "--json")
        if code == "wrong-installation":
            worker = installation.command("worker")
            assert worker.returncode == 1
            assert words in worker.stderr
    _is_plain(said)
    assert f"[{code}]" in said
    assert words in said
    assert doctor.returncode in (1, 3)
    assert f'"keystore.{code}"' in doctor.stdout, doctor.stdout


def test_without_its_epoch_key_nothing_starts(installation: Installation) -> None:
    folder = installation.home / "epoch-keys"
    with _aside(folder / "any"):
        for path in folder.glob("*"):
            path.unlink()
        said = installation.pages_refused()
        status = installation.command("keys", "status", "--json")
    _is_plain(said)
    assert "[epoch-key-missing]" in said
    assert str(folder) in said
    assert status.returncode == 3
    assert "epoch-key-missing" in status.stdout
    assert installation.command("keys", "status").returncode == 0


def test_the_running_register_is_dated_from_the_start(installation: Installation) -> None:
    owner = psycopg.connect(
        host=str(installation.cluster.socket), user="seqlense", dbname="seqlense", autocommit=True
    )
    with owner:
        owner.execute("DELETE FROM privacy_registerversion")
        with installation.pages() as pages:
            [(version,)] = owner.execute("SELECT version FROM privacy_registerversion").fetchall()
            assert version
            assert pages.get("/en/").status == 200


PROBE = """
import socket, sys

def probe(**_):
    from seqlense.privacy import egress
    for host in ("undeclared.example", "192.0.2.1"):
        try:
            socket.create_connection((host, 443), timeout=2)
        except egress.EgressRefused:
            print("refused")
"""
STARTS = {
    "pages": "import seqlense.project.wsgi; probe()",
    "command": "from seqlense.project.cli import installation; installation.enter(); probe()",
    "worker": """
from seqlense.project.cli import installation, main
installation.enter()
from seqlense.project import working
working.work = probe
main(["worker"])
""",
}


@pytest.mark.parametrize("start", STARTS)
def test_every_process_refuses_hosts_nobody_declared(installation: Installation, start: str) -> None:
    done = installation.python(PROBE + STARTS[start])
    assert done.stdout.split() == ["refused", "refused"], done.stderr


def test_preparing_and_running_say_that_the_database_is_away(
    installation: Installation, tmp_path: Path
) -> None:
    away = {"DATABASE_URL": "postgresql://seqlense:secret@127.0.0.1:1/seqlense"}
    prepared = installation.run("seqlense.project.preparing", **away)
    assert prepared.returncode == 3
    assert prepared.stderr == "The database doesn't answer. Start it, or correct DATABASE_URL.\n"
    home = ["--home", str(tmp_path), "--port", "0", "--without-demo"]
    run = installation.run("seqlense.project.devserver", *home, **away)
    assert run.returncode == 1
    assert "The database doesn't answer. Start it, or correct DATABASE_URL." in run.stderr
    assert "Traceback" not in run.stderr
    assert "secret" not in run.stderr
