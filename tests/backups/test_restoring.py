"""A whole product goes back to an old copy of its data: all who live are there, nobody who was erased."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest

from seqlense.privacy.backups import programs
from seqlense.project import database
from seqlense.project.embedded import Cluster
from seqlense.project.environment import SOURCE, socket_folder
from tests import running
from tests.proof import people
from tests.proof.conftest import Browser
from tests.running import Product

ERASED = ("owner", "member", "invited")
CLOSED = {"fr": "depuis une sauvegarde", "en": "putting data back from a backup"}
LIMIT = """
import sys, django
django.setup()
from uuid import UUID
from seqlense.kit.clock import now
from seqlense.privacy import switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.switches.models import Kind
subject = UUID(sys.argv[1])
who = Actor.person(subject)
switches.set(Kind.RESTRICTION, subject, "accounts", actor=who, now=now(), ground="unlawful")
"""


@dataclass(frozen=True)
class Lived:
    """A running product and the people in it."""

    product: Product
    subjects: dict[str, str]
    sessions: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def cluster(self) -> Cluster:
        home = self.product.home
        return Cluster(
            data=home / "postgresql", socket=socket_folder(home), log=home / "log" / "postgresql.log"
        )

    def run(self, *command: str, said: str = "") -> subprocess.CompletedProcess[str]:
        """As an operator would, whatever comes of it."""
        return subprocess.run(
            [sys.executable, *command],
            input=said,
            env={
                **running.environment(),
                "SEQLENSE_MODE": "development",
                "SEQLENSE_HOME": str(self.product.home),
                "SEQLENSE_PUBLIC_URL": self.product.url,
                "SEQLENSE_SMTP_URL": "smtp://127.0.0.1:1",
                "DJANGO_SETTINGS_MODULE": "seqlense.project.settings",
                "LANG": "C",
                **self.variables,
            },
            cwd=SOURCE,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, *arguments: str, code: int = 0, said: str = "") -> Any:
        """What the command answers in JSON, with that exit code."""
        done = self.run("-m", "seqlense.project.cli", *arguments, "--json", said=said)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def page(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection(self.product.url.removeprefix("http://"), timeout=20)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(
            host=str(self.cluster.socket), user="postgres", dbname="seqlense", autocommit=True
        ) as superuser:
            return superuser.execute(question.encode()).fetchall()


@pytest.fixture
def lived() -> Iterator[Lived]:
    with running.home() as folder, running.product(folder, "--without-demo") as product:
        planted: dict[str, Any] = json.loads(product.beside("tests.proof.people", "plant"))
        yield Lived(product=product, **planted)


def until(found: Any, seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < limit
        time.sleep(0.1)


def sealed(lived: Lived) -> None:
    """Everything done so far is in the log."""
    until(lambda: lived.asked("SELECT count(*) FROM privacy_leaf WHERE sealed_at IS NULL") == [(0,)])


def live_on(lived: Lived) -> None:
    """Three leave, one limits the use of her data, the keys are renewed."""
    lived.product.beside("tests.proof.people", "erase", *(lived.subjects[one] for one in ERASED))
    done = lived.run("-c", LIMIT, lived.subjects["living"])
    assert done.returncode == 0, done.stderr
    lived.command("keys", "rotate")
    sealed(lived)


def nothing_is_served(lived: Lived) -> None:
    until(lambda: lived.page("/fr/")[0] == 503, 10)
    for language, words in CLOSED.items():
        for path in ("", "sign-in/", "my-data/", "no-such-page/"):
            status, text = lived.page(f"/{language}/{path}")
            assert (status, words in text) == (503, True), path
    assert lived.page("/robots.txt")[0] == 200
    for arguments in (("retention", "run"), ("subject", "erase", lived.subjects["living"], "--yes")):
        assert lived.command(*arguments, code=1)["error"]["code"] == "restore-locked"
    assert lived.command("restore", "status", code=1)["locked"] is not None
    before = lived.asked("SELECT count(*) FROM procrastinate_jobs")
    lived.asked(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        "VALUES ('privacy', 'privacy.destroy_keys', '{}') RETURNING id"
    )
    time.sleep(1.5)
    assert lived.asked("SELECT count(*) FROM procrastinate_jobs") == [(before[0][0] + 1,)]


def the_living_are_back_and_nobody_else(lived: Lived) -> None:
    the_living_are_back(lived)
    limits = f"SELECT kind, activity FROM privacy_switch WHERE subject_id = '{lived.subjects['living']}'"
    assert lived.asked(limits) == [("restriction", "accounts")]
    assert lived.command("restore", "status")["locked"] is None
    lived.command("retention", "run")
    sealed(lived)


def the_living_are_back(lived: Lived) -> None:
    until(lambda: lived.page("/fr/")[0] == 200, 10)
    found: dict[str, Any] = json.loads(lived.product.beside("tests.proof.opening"))
    for who in ERASED:
        held = {key.split()[1]: count for key, count in found["counts"].items() if lived.subjects[who] in key}
        assert set(held) <= {"staff_acts"}, (who, held)
    living = {key: count for key, count in found["counts"].items() if lived.subjects["living"] in key}
    assert living
    assert all(number == opened for number, opened in living.values())
    others = " ".join(one for one in found["texts"] if people.REASON not in one).casefold()
    assert people.LIVING.casefold() in others
    assert not [one for one in (people.OWNER, people.MEMBER, people.INVITED) if one.casefold() in others]
    assert lived.asked("SELECT count(*) FROM accounts_session") == [(0,)]


def oldest_of(created: Any) -> str:
    [name] = [one["name"] for one in created["backups"] if one["chain"] == "data"]
    return str(name)


def test_the_oldest_backup_and_today_s_keystore(lived: Lived) -> None:
    sealed(lived)
    oldest = oldest_of(lived.command("backup", "create"))
    assert people.LIVING in Browser(lived.product, lived.sessions["living"]).get("/fr/my-data/")
    live_on(lived)
    assert lived.command("backup", "restore", oldest, code=1)["error"]["code"] == "restore-not-empty"
    refused = lived.command("backup", "restore", oldest, "--replace", said="nonsense\n", code=2)
    assert refused["error"]["code"] == "not-confirmed"
    assert lived.page("/fr/")[0] == 200
    lived.command("backup", "restore", oldest, "--replace", said="seqlense\n")
    nothing_is_served(lived)
    report = lived.command("restore", "finish")
    assert (report["erased"], report["without_key"], report["backup"]) == (3, 0, oldest)
    assert report["switched"] >= 1
    the_living_are_back_and_nobody_else(lived)
    assert lived.command("restore", "finish", code=1)["error"]["code"] == "restore-not-locked"
    lived.command("backup", "create", "--chain", "data")
    killed_anywhere_it_stays_locked_and_goes_on(lived, oldest)
    without_the_journal_nobody_guesses(lived, oldest)


FINISHING = """
import os, signal, django
django.setup()
from seqlense.kit.clock import now
from seqlense.privacy.actor import Actor
from seqlense.privacy.restoring import finishing
usual, calls = finishing._again, []

def once(line, now):
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    calls.append(1)
    return usual(line, now=now)

finishing._again = once
finishing.finish(actor=Actor.system("tests"), now=now())
"""


def killed_anywhere_it_stays_locked_and_goes_on(lived: Lived, oldest: str) -> None:
    """A restore cut off in its one transaction leaves nothing and a lock; finishing goes on where it was."""
    slow = "-c", RESTORING, oldest
    assert lived.run(*slow).returncode == -signal.SIGKILL
    assert lived.command("restore", "status", code=1)["locked"]["cause"] == "restored"
    until(lambda: lived.page("/fr/")[0] == 503, 10)
    lived.command("backup", "restore", oldest, "--replace", said="seqlense\n")
    assert lived.run("-c", FINISHING).returncode == -signal.SIGKILL
    assert lived.command("restore", "status", code=1)["locked"]["cause"] == "unfinished"
    report = lived.command("restore", "finish")
    assert (report["erased"], report["without_key"]) == (3, 0)
    the_living_are_back_and_nobody_else(lived)


RESTORING = """
import os, signal, sys, django
django.setup()
from seqlense.kit.clock import now
from seqlense.privacy.backups import programs
from seqlense.privacy.restoring import restore
programs.run = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
restore.restore(sys.argv[1], now=now(), replace=True)
"""


def without_the_journal_nobody_guesses(lived: Lived, oldest: str) -> None:
    """People without a key were erased, or the keystore is an old one: the operator has to know which."""
    lived.command("backup", "restore", oldest, "--replace", said="seqlense\n")
    (lived.product.home / "transparency-log" / "journal.jsonl").unlink()
    refused = lived.command("restore", "finish", code=1)
    assert refused["error"]["code"] == "restore-no-journal"
    refused = lived.command("restore", "finish", "--without-journal", code=3)
    assert refused["error"]["code"] == "keystore-older"
    assert lived.page("/fr/")[0] == 503
    report = lived.command("restore", "finish", "--without-journal", "--erase-unreadable")
    assert (report["erased"], report["without_key"], report["without_some_keys"]) == (0, 2, 1)
    assert report["untold"] == report["last"] - report["first"] > 0
    the_living_are_back(lived)


def test_a_physical_backup_locks_by_itself() -> None:
    """Neither pg_basebackup nor whatever put it back knows of us: the log on the disk does."""
    with running.home() as folder:
        with running.product(folder, "--without-demo") as product:
            planted: dict[str, Any] = json.loads(product.beside("tests.proof.people", "plant"))
            before = Lived(product=product, **planted)
            sealed(before)
            copy = _base_backup(before.cluster, folder)
            live_on(before)
        shutil.rmtree(folder / "postgresql")
        copy.rename(folder / "postgresql")
        with running.product(folder, "--without-demo") as product:
            after = Lived(product=product, **planted)
            nothing_is_served(after)
            status = after.command("restore", "status", code=1)["locked"]
            assert status["cause"] == "log-ahead"
            assert status["entries"] > 4
            report = after.command("restore", "finish")
            assert (report["erased"], report["without_key"]) == (3, 0)
            the_living_are_back_and_nobody_else(after)


def _base_backup(cluster: Cluster, folder: Path) -> Path:
    copy = folder / "base-backup"
    program = programs.find("pg_basebackup", server=18)
    command: list[str | Path] = [
        program,
        "-h",
        cluster.socket,
        "-U",
        "postgres",
        "-D",
        copy,
        "-X",
        "stream",
        "-c",
        "fast",
    ]
    subprocess.run(command, check=True)
    owner = cluster.data.stat()
    for one in (copy, *copy.rglob("*")):
        shutil.chown(one, owner.st_uid, owner.st_gid)
    return copy


def test_after_a_disaster_a_new_machine_serves_the_living() -> None:
    """As the operator's guide says: keys and log by hand, the rest from backups, into an empty server."""
    with running.home() as old, running.home() as new:
        with running.product(old, "--without-demo") as product:
            planted: dict[str, Any] = json.loads(product.beside("tests.proof.people", "plant"))
            lost = Lived(product=product, **planted)
            sealed(lost)
            live_on(lost)
            made = lost.command("backup", "create")
            sealed(lost)
        for kept in ("secret-key", "log-key", "epoch-keys", "transparency-log"):
            (shutil.copytree if (old / kept).is_dir() else shutil.copy)(old / kept, new / kept)
        cluster = Cluster(data=new / "data", socket=new / "run", log=new / "log" / "postgresql.log")
        server = cluster.start()
        try:
            database.create_database(cluster.conninfo, name="again", owner="seqlense")
            url = f"postgresql://seqlense@/again?host={cluster.socket}"
            variables = {"DATABASE_URL": url, "SEQLENSE_BACKUPS": str(old / "backups")}
            there = Lived(product=replace(product, home=new), **planted, variables=variables)
            for chain in ("keystore", "data"):
                [name] = [one["name"] for one in made["backups"] if one["chain"] == chain]
                there.command("backup", "restore", name)
                again = there.command("backup", "restore", name, code=1)
                assert again["error"]["code"] == "restore-not-empty"
            secret = url.replace("seqlense@", "seqlense:hidden@")
            refused = there.command("backup", "restore", name, "--into", secret, code=2)
            assert refused["error"]["code"] == "password-on-command-line"
            assert there.run("-m", "seqlense.project.preparing").returncode == 0
            report = there.command("restore", "finish")
            assert (report["erased"], report["without_key"]) == (0, 0)
            there.command("keys", "rotate")
            found = json.loads(there.product.beside("tests.proof.opening", **variables))["counts"]
            living = {key: count for key, count in found.items() if planted["subjects"]["living"] in key}
            assert living
            assert all(number == opened for number, opened in living.values())
        finally:
            server.stop()
