"""Once sent, no trace is left (F-2 mailing): a real worker, a real server, and a search everywhere."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql

from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.mailing import declarations, posting, tasks, upkeep
from seqlense.mailing.models import DeadLetter, Message
from seqlense.privacy.models import Subject
from tests.mailing.club import mails
from tests.mailing.relays import PASSWORD, USER, Authority, Conduct, running

pytestmark = pytest.mark.django_db(transaction=True)
# Words that occur nowhere else: two addresses, two names, the link in the body, the relay's password.
PEOPLE = [("ysengrin@example.org", "Zorglubette"), ("bulotine@example.org", "broken Grimaldine")]
SECRETS = ["ysengrin", "bulotine", "zorglubette", "grimaldine", "join/42", PASSWORD, "p%3ass"]


@pytest.fixture
def environment(
    child_environment: dict[str, str], tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """A worker's environment: the club with its people, its own folder for temporary files."""
    ProcrastinateJob.objects.all()._raw_delete("default")  # emptying the database between tests leaves them
    monkeypatch.setattr(declarations, "declared", lambda: {mails.WELCOME.id: mails.WELCOME})
    people = {str(uuid7()): person for person in PEOPLE}
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    return {
        **child_environment,
        "DJANGO_SETTINGS_MODULE": "tests.mailing.settings",
        "CLUB_PEOPLE": json.dumps(people),
        "SEQLENSE_SMTP_PASSWORD_FILE": str(tmp_path / "password"),
        "SEQLENSE_SMTP_AUTHORITY": str(authority.certificate),
        "TMPDIR": str(tmp_path / "temporary"),
        "PYTHONUNBUFFERED": "1",
    }


def _post(environment: dict[str, str]) -> list[UUID]:
    now = clock.now()
    posted = []
    for about in json.loads(environment["CLUB_PEOPLE"]):
        subject = Subject.objects.create(created_at=now)
        posted.append(
            posting.post(
                template="club.welcome", subject=subject.pk, about=UUID(about), language="fr", now=now
            )
        )
    return posted


def _work(environment: dict[str, str], port: int) -> bytes:
    """Everything that a worker says, at DEBUG, until the queue is empty."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.mailing.worker"],
        env={**environment, "SEQLENSE_SMTP_URL": f"smtp+starttls://{USER}@localhost:{port}"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout + done.stderr


def _found(content: bytes) -> list[str]:
    lowered = content.lower()  # they have no capital letters beyond ASCII
    return [secret for secret in SECRETS if secret.lower().encode() in lowered]


def _rows(owner: psycopg.Connection[tuple[Any, ...]]) -> Iterator[tuple[str, bytes]]:
    tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        statement = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))
        for (row,) in owner.execute(statement):
            yield table, row.encode()


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


@pytest.mark.parametrize(
    ("conduct", "waits", "dead"),
    [
        (Conduct(), False, ""),
        (Conduct(rcpt="550 5.1.1 <{}>: no such person"), False, "550 5.1.1"),
        (Conduct(rcpt="450 4.2.0 <{}>: come back later"), True, ""),
        (Conduct(hang_up=True), True, ""),
    ],
    ids=["delivered", "refused", "put off", "cut"],
)
def test_address_and_text_are_nowhere(
    environment: dict[str, str],
    as_owner: psycopg.Connection[tuple[Any, ...]],
    authority: Authority,
    tmp_path: Path,
    conduct: Conduct,
    waits: bool,
    dead: str,
) -> None:
    first, second = _post(environment)
    with running(conduct, authority) as port:
        said = _work(environment, port)

    assert f"mailing.composition.failed message={second}".encode() in said
    assert b"ValueError" in said
    assert _found(said) == []
    assert [(table, found) for table, row in _rows(as_owner) if (found := _found(row))] == []
    cluster = Path(os.environ["SEQLENSE_TEST_CLUSTER"])
    kept = _files(cluster, settings.SEQLENSE_HOME, tmp_path / "temporary")
    assert [(path, found) for path in kept if (found := _found(path.read_bytes()))] == []

    waiting = set(Message.objects.values_list("pk", flat=True))
    assert waiting == ({first, second} if waits else {second})
    assert list(DeadLetter.objects.values_list("message", "status")) == ([(first, dead)] if dead else [])
    # Nothing of the tasks that ran is left: those that wait are tries to come.
    ours = ProcrastinateJob.objects.filter(task_name="mailing.deliver")
    left = set(ours.values_list("status", "queueing_lock"))
    assert left == {("todo", upkeep.lock(message)) for message in waiting}


def test_what_a_killed_worker_had_in_hand_is_sent_by_the_next(
    environment: dict[str, str], authority: Authority
) -> None:
    first, _ = _post(environment)
    conduct = Conduct(pause=60)
    with running(conduct, authority) as port:
        url = f"smtp+starttls://{USER}@localhost:{port}"
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.mailing.worker", "--wait"],
            env={**environment, "SEQLENSE_SMTP_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _until(lambda: bool(conduct.users))  # signed in: the message is on its way
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert ProcrastinateJob.objects.filter(status="doing", queue_name="mailing").count() == 1

    _let_time_pass()
    tasks.resume(timestamp=0)
    conduct.pause = 0
    with running(conduct, authority) as port:
        _work(environment, port)

    assert len(conduct.taken) == 1
    assert not Message.objects.filter(pk=first).exists()
    assert not ProcrastinateJob.objects.filter(status="doing", queue_name="mailing").exists()


def _let_time_pass() -> None:
    """Five minutes go by for the lease and the killed worker's heartbeat."""
    past = clock.now() - timedelta(minutes=5)
    Message.objects.filter(leased_until__isnull=False).update(leased_until=past, due_at=past)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = %s", [past])


def _until(true: Any) -> None:
    limit = time.monotonic() + 60
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.02)
