"""`seqlense retention`, `seqlense keys`, and the command itself: help, codes, failures, French."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from procrastinate.contrib.django.models import ProcrastinateWorker

from seqlense.kit import clock
from seqlense.mailing.models import LIFE, Message
from seqlense.privacy import retention
from seqlense.privacy.keystore import epochkeys
from seqlense.privacy.models import RetentionRun, Subject
from seqlense.project.cli import installation
from tests.cli.conftest import Command


def _old_message() -> Message:
    now = clock.now()
    posted = now - timedelta(days=31)
    return Message.objects.create(
        subject=Subject.objects.create(created_at=posted),
        template="accounts.verify",
        about=Subject.objects.create(created_at=posted).pk,
        language="fr",
        posted_at=posted,
        due_at=posted,
        expires_at=posted + LIFE,
    )


@pytest.mark.django_db
def test_what_is_due_is_foreseen_counted_and_swept(command: Command) -> None:
    _old_message()
    foreseen = command("retention", "forecast", "--json").document
    assert foreseen["rows"] >= 1
    assert "mailing" in {one["activity"] for one in foreseen["coming"]}
    assert "mailing" in command("retention", "forecast").out
    assert "mailing" in command("retention", "forecast", "--by-day", "--days", "1").out

    counted = command("retention", "run", "--dry-run", "--json").document
    assert counted["dry_run"]
    assert Message.objects.exists()

    swept = command("retention", "run")
    assert swept.code == 0, swept.err
    assert "mailing" in swept.out
    assert "Sweeping" in swept.err
    assert not Message.objects.exists()
    assert RetentionRun.objects.filter(dry_run=False).get().rows == counted["rows"]


@pytest.mark.django_db(transaction=True)
def test_keys_are_rotated_and_the_old_epoch_key_is_gone(command: Command) -> None:
    before = command("keys", "status", "--json").document
    rotated = command("keys", "rotate", "--json")
    assert rotated.code == 0
    assert rotated.document["epoch"] == before["epoch"] + 1
    assert epochkeys.epochs() == [before["epoch"] + 1]
    status = command("keys", "status")
    assert status.code == 0
    assert before["installation"] in status.out


@pytest.mark.django_db(transaction=True)
def test_an_epoch_that_lasted_too_long_is_a_finding(command: Command, settings: Any) -> None:
    settings.SEQLENSE_EPOCH_DAYS = 0
    said = command("keys", "status")
    assert said.code == 1
    assert "seqlense keys rotate" in said.out


@pytest.mark.parametrize(
    "arguments",
    [[], ["register"], ["retention"], ["subject"], ["keys"], ["staff"], ["residue"]],
    ids=lambda value: " ".join(value) or "seqlense",
)
def test_help_lists_commands_with_examples(command: Command, arguments: list[str]) -> None:
    said = command(*arguments, "--help")
    assert said.code == 0
    names = [
        line.split()[0] for line in said.out.partition("Commands:")[2].splitlines() if line.startswith("  ")
    ]
    assert names
    for name in names[:10] if arguments else []:
        assert "Examples:" in command(*arguments, name, "--help").out


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OperationalError("FATAL: role alice@example.org"), 3, "database doesn't answer"),
        (retention.ClockMovedBack("alice@example.org"), 3, "ClockMovedBack (clock-moved-back) at seqlense/"),
        (ValueError("alice@example.org"), 3, "ValueError at seqlense/"),
        (KeyboardInterrupt(), 130, "Interrupted"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_a_failure_is_one_line_that_quotes_nobody(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(installation, "enter", fail)
    answer = command("retention", "run")
    assert answer.code == code
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) <= 1
    assert "alice" not in answer.out + answer.err


def _process(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-m", "seqlense.project.cli", *arguments],
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_worker_works_until_told_to_stop(child_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "seqlense.project.cli", "worker", "--queue", "nothing"]
    before = set(ProcrastinateWorker.objects.values_list("pk", flat=True))
    with subprocess.Popen(command, env=child_environment, stderr=subprocess.PIPE, text=True) as process:
        limit = time.monotonic() + 30
        while not set(ProcrastinateWorker.objects.values_list("pk", flat=True)) - before:
            assert process.poll() is None
            assert time.monotonic() < limit
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_a_real_process_speaks_french_and_leaves_no_traceback(child_environment: dict[str, str]) -> None:
    french = {**child_environment, "LANG": "fr_FR.UTF-8"}
    shown = _process("keys", "status", **french)
    assert shown.returncode == 0, shown.stderr
    assert "époque" in shown.stdout

    gone = {**french, "DATABASE_URL": "postgresql://seqlense@127.0.0.1:1/seqlense"}
    away = _process("retention", "forecast", **gone)
    assert (away.returncode, away.stdout) == (3, "")
    assert away.stderr.startswith("seqlense: La base")
    assert len(away.stderr.splitlines()) == 1

    refused = _process("keys", "status", **{**french, "SEQLENSE_SMTP_URL": "smtps://u:secret@"})
    assert refused.returncode == 3
    assert "SEQLENSE_SMTP_URL" in refused.stderr
    assert "secret" not in refused.stderr
