"""A whole product goes back to an old copy of its data: all who live are there, nobody who was erased."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import psycopg
import pytest

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

    @property
    def cluster(self) -> Cluster:
        home = self.product.home
        return Cluster(
            data=home / "postgresql", socket=socket_folder(home), log=home / "log" / "postgresql.log"
        )

    def run(self, *command: str, said: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
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
                **variables,
            },
            cwd=SOURCE,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, *arguments: str, code: int = 0, said: str = "", **variables: str) -> Any:
        """What the command answers in JSON, with that exit code."""
        done = self.run("-m", "seqlense.project.cli", *arguments, "--json", said=said, **variables)
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
    limits = f"SELECT kind, activity FROM privacy_switch WHERE subject_id = '{lived.subjects['living']}'"
    assert lived.asked(limits) == [("restriction", "accounts")]
    assert lived.asked("SELECT count(*) FROM accounts_session") == [(0,)]
    assert lived.command("restore", "status")["locked"] is None
    lived.command("retention", "run")
    sealed(lived)


def test_the_oldest_backup_and_today_s_keystore(lived: Lived) -> None:
    sealed(lived)
    created = lived.command("backup", "create")
    [oldest] = [one["name"] for one in created["backups"] if one["chain"] == "data"]
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
