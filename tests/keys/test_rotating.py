"""Rotation by worker and by command: when it is due, by one of many, and what it leaves in writing."""

import logging
import subprocess
import sys
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connections

from seqlense.kit import clock
from seqlense.kit.clock import now
from seqlense.privacy import drills, keystore, retention
from seqlense.privacy.keystore import epochkeys, rotation, signals
from seqlense.privacy.keystore.errors import RotationRunning
from seqlense.privacy.models import Act
from seqlense.project import tasks
from tests import cast
from tests.cli.conftest import Command, command

__all__ = ["command"]
pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = """
import sys, django
django.setup()
from seqlense.kit.clock import now
from datetime import timedelta
from seqlense.privacy import keystore
later = now() + timedelta(days=8)
sys.stdin.readline()
try:
    print(keystore.rotate_if_due(now=later) is not None)
except keystore.KeystoreError as refused:
    print(refused.code)
"""


def _rotated() -> list[dict[str, Any]]:
    return [act.detail for act in Act.objects.filter(kind=drills.rotating.ROTATED)]


def test_of_many_nodes_at_once_one_begins_an_epoch(child_environment: dict[str, str]) -> None:
    cast.alice()
    before = keystore.status(now=now())
    connections.close_all()
    nodes = [
        subprocess.Popen(
            [sys.executable, "-c", AT_ONCE],
            env=child_environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for node in nodes:
        assert node.stdin
        node.stdin.write("\n")
        node.stdin.flush()
    said = sorted(node.communicate(timeout=60)[0].strip() for node in nodes)
    assert said.count("True") == 1
    assert set(said) <= {"True", "False", "rotation-running"}
    assert keystore.status(now=now()).epoch == before.epoch + 1
    assert [one["epoch"] for one in _rotated()] == [before.epoch + 1]


def test_the_worker_rotates_when_an_epoch_has_lasted(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    cast.alice()
    before = keystore.status(now=now())
    tasks.rotate_keys(timestamp=0)
    assert keystore.status(now=now()).epoch == before.epoch
    settings.SEQLENSE_EPOCH_DAYS = 3
    later = before.begun_at + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    tasks.rotate_keys(timestamp=0)
    status = keystore.status(now=later)
    assert (status.epoch, status.begun_at) == (before.epoch + 1, later)
    assert _rotated() == [{"epoch": status.epoch, "keys": status.keys}]
    monkeypatch.undo()
    keystore.rotate(now=now())


def test_the_worker_says_why_it_couldnt_and_tries_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = keystore.status(now=now())
    monkeypatch.setattr(clock, "now", lambda: before.due_at)
    path = epochkeys.path_of(before.epoch)
    kept = path.read_bytes()
    path.write_bytes(kept[:100])
    with caplog.at_level(logging.ERROR):
        tasks.rotate_keys(timestamp=0)
    assert "epoch-key-damaged" in caplog.text
    path.write_bytes(kept)
    with mock.patch.object(rotation, "_due", side_effect=RotationRunning("elsewhere")):
        tasks.rotate_keys(timestamp=0)  # says nothing: somebody else does it
    tasks.rotate_keys(timestamp=0)
    assert keystore.status(now=before.due_at).epoch == before.epoch + 1
    monkeypatch.undo()
    keystore.rotate(now=now())


def test_a_rotation_cut_off_is_an_alarm_only_while_nobody_rotates() -> None:
    cast.alice()
    seen: list[list[str]] = []

    def look(**_: object) -> None:
        seen.append([one.code for one in drills.alarms(now())])

    with mock.patch.object(rotation, "_finish", side_effect=OSError(5, "cut off")):
        signals.rotated.connect(look)
        with pytest.raises(keystore.KeystoreError):
            keystore.rotate(now=now())
        signals.rotated.disconnect(look)
    assert seen == [[]]
    # The former key is destroyed and the end not noted: nobody can read it, and the next run says so.
    assert [one.code for one in drills.alarms(now())] == ["keys.interrupted"]
    assert keystore.rotate(now=now()).resumed
    assert list(drills.alarms(now())) == []


def test_by_command(command: Command, settings: Any) -> None:
    alice = cast.alice()
    assert "none yet" in command("keys", "status").out
    drilled = command("keys", "drill", "--json")
    assert drilled.code == 0
    assert drilled.document["passed"]
    assert drilled.document["living"]
    settings.SEQLENSE_CUSTODY = "split"
    assert "from file to split" in command("keys", "status").out
    settings.SEQLENSE_CUSTODY = "file"

    keystore.destroy([(alice.subject_id, "accounts")])
    failed = command("keys", "drill")
    assert failed.code == 1
    assert "failed" in failed.out
    refused = command("keys", "rotate", "--json")
    assert refused.code == 3
    assert refused.document["error"]["code"] == "drill-failed"
    assert command("keys", "status", "--json").document["drill_passed"] is False

    alice.subject.delete()
    assert command("keys", "rotate").code == 0
    status = command("keys", "status", "--json").document
    assert (status["drill_passed"], status["retiring"], status["custody"]) == (True, None, "file")


def test_a_sweep_of_the_erased_leaves_nothing_a_drill_would_find() -> None:
    cast.alice()
    retention.run(now=now(), actor=drills.rotating.ROTATION)
    assert drills.run(now=now()).passed
