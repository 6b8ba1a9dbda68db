"""Alarms: every part is asked, every code has words, and a part that is broken hides none of the others."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from seqlense.kit import clock
from seqlense.mailing.models import LIFE, DeadLetter, Message
from seqlense.privacy import alarms
from seqlense.privacy.alarms import Alarm, gathering, words
from seqlense.privacy.backups.errors import BackupAltered, BackupCutShort, BackupElsewhere, NoPlace
from seqlense.privacy.errors import PrivacyError
from seqlense.privacy.keystore.errors import KeystoreError, RotationRunning
from seqlense.privacy.log.errors import LogAhead, LogBehind, LogDamaged, LogForked, LogKeyDamaged, LogMissing
from seqlense.privacy.records import KeyDestruction, RetentionRun, RightsRequest
from seqlense.project.environment import SOURCE
from tests import cast

NOW = clock.now()
LITERAL = re.compile(r'\bAlarm\(\s*"([a-z_.-]+)"')
SEEN = {
    "backups": (BackupAltered, BackupCutShort, BackupElsewhere, NoPlace),
    "log": (LogAhead, LogBehind, LogDamaged, LogForked, LogKeyDamaged, LogMissing),
}


def test_every_part_is_found_without_a_list() -> None:
    assert {"kernel", "backups", "drills", "log", "proofs", "restoring"} <= set(gathering.parts())
    assert {"mailing", "project"} <= set(gathering.parts()), "rooms above are asked too"


def codes() -> Iterator[str]:
    for path in sorted((SOURCE / "seqlense").rglob("*.py")):
        yield from LITERAL.findall(path.read_text(encoding="utf-8"))
    for one in _below(KeystoreError):
        if one is not RotationRunning:
            yield f"keys.{one.code}"
    for part, errors in SEEN.items():
        yield from (f"{part}.{error.code.removeprefix('log-')}" for error in errors)


def _below(error: type[PrivacyError]) -> Iterator[type[PrivacyError]]:
    for one in error.__subclasses__():
        yield one
        yield from _below(one)


@pytest.mark.parametrize("code", sorted(set(codes())))
def test_every_alarm_says_what_is_wrong_and_what_to_do(code: str) -> None:
    said = words.of(Alarm(code, None))
    assert said is not words.ANY
    with translation.override("fr"):
        french = str(said.what), str(said.remedy)
    with translation.override("en"):
        assert all(mine != theirs for mine, theirs in zip(french, (said.what, said.remedy), strict=True))


@pytest.mark.django_db
def test_what_stands_still_raises_an_alarm_and_nothing_else_does() -> None:
    alice = cast.alice()
    Message.objects.all().delete()
    before = {one.code for one in alarms.all(NOW)}
    long_ago = NOW - timedelta(days=2)
    KeyDestruction.objects.create(created_at=long_ago, subjects=[], activities=[])
    RetentionRun.objects.create(started_at=long_ago, status="failed", code="clock", register_version="x")
    RightsRequest.objects.create(
        subject_id=alice.subject_id,
        kind=RightsRequest.Kind.ACCESS,
        channel="post",
        received_at=NOW - timedelta(days=60),
        due_on=long_ago.date(),
        register_version="x",
    )
    Message.objects.create(
        subject_id=alice.subject_id,
        template="accounts.verify",
        about=alice.pk,
        language="fr",
        posted_at=long_ago,
        due_at=long_ago,
        expires_at=long_ago + LIFE,
    )
    DeadLetter.objects.create(message=alice.pk, template="accounts.verify", code="x", attempts=9, at=NOW)
    found = {one.code: one for one in alarms.all(NOW)}
    raised = {"destructions.waiting", "requests.overdue", "sweeps.failed", "mail.late", "mail.given-up"}
    assert set(found) - before == raised
    assert found["requests.overdue"].about == str(alice.subject_id)
    assert found["destructions.waiting"].since == long_ago
    assert "worker.silent" in found, "no worker runs in this test"
    RetentionRun.objects.create(started_at=NOW, status="done", register_version="x")
    assert "sweeps.failed" not in {one.code for one in alarms.all(NOW)}
    assert "sweeps.late" in {one.code for one in alarms.all(NOW + timedelta(days=2))}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [PermissionError, ValueError, KeyError])
def test_a_broken_part_hides_no_other(fault: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_now: object) -> list[Alarm]:
        raise fault("/srv/secret/path")

    monkeypatch.setitem(gathering.parts(), "backups", broken)
    found = alarms.all(NOW)
    assert Alarm("alarms.unknown", None, f"backups: {fault.__name__}") in found
    assert "worker.silent" in {one.code for one in found}
