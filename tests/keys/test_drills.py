"""Drills: what they find among the living and the erased, and what a rotation makes of it."""

import os
from datetime import timedelta
from unittest import mock
from uuid import UUID

import pytest
from django.db import connections

from seqlense.accounts.models import Account
from seqlense.kit.clock import now
from seqlense.privacy import drills, erasure, keystore
from seqlense.privacy.actor import Actor
from seqlense.privacy.drills import Drill
from seqlense.privacy.keystore import datakeys, epochkeys, vault
from seqlense.privacy.keystore.errors import DrillFailed, EpochKeyMissing, KeystoreOlder
from seqlense.privacy.models import Act, Subject
from seqlense.project import serving
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


def _people(count: int = 3) -> list[Account]:
    return [make() for make in (cast.alice, cast.bob, cast.charlie)[:count]]


def _break_keys_of(subject: UUID) -> None:
    with connections["keys"].cursor() as cursor:
        cursor.execute(
            "UPDATE keystore_datakey SET wrapped = %s WHERE subject_id = %s", [os.urandom(61), subject.hex]
        )


def _codes() -> dict[str, str]:
    return {one.code: one.about for one in drills.alarms(now())}


def test_the_living_open_and_the_erased_dont() -> None:
    alice, _bob, _charlie = _people()
    erasure.erase(alice.subject_id, actor=Actor.person(alice.subject_id), now=now())
    found = drills.run(now=now())
    assert found.passed
    assert found.living >= 2
    assert found.keys >= 2
    assert found.erased == 1
    proof = Act.objects.get(kind="privacy.drill")
    assert proof.detail["passed"]
    assert proof.detail["counts"] == found.counts()
    assert _codes() == {}


def test_a_living_person_who_cant_be_read_keeps_the_old_epoch_key() -> None:
    alice, bob, _ = _people()
    before = keystore.status(now=now()).epoch
    missing = keystore.keys_for([(bob.subject_id, "accounts")])
    assert missing
    keystore.destroy([(bob.subject_id, "accounts")])
    with pytest.raises(DrillFailed, match="old epoch key stays"):
        keystore.rotate(now=now())
    assert epochkeys.epochs() == [before, before + 1]
    assert not Act.objects.filter(kind="privacy.keys_rotated").exists()
    last = Drill.objects.first()
    assert last is not None
    assert last.unreadable
    assert _codes() == {"keys.drill-failed": str(last.pk), "keys.interrupted": str(before)}

    erasure.erase(bob.subject_id, actor=Actor.person(bob.subject_id), now=now())
    done = keystore.rotate(now=now())
    assert (done.epoch, done.resumed) == (before + 1, True)
    assert epochkeys.epochs() == [before + 1]
    assert Act.objects.get(kind="privacy.keys_rotated").detail["epoch"] == before + 1
    assert Account.objects.get(pk=alice.pk).email
    assert _codes() == {}


def test_a_broken_key_is_found() -> None:
    alice, *_ = _people(1)
    _break_keys_of(alice.subject_id)
    found = drills.run(now=now())
    assert found.broken
    assert not found.passed


def test_an_erased_person_whose_key_is_back_fails_the_drill_and_goes_once_more() -> None:
    """As with an older copy of the keystore of the same epoch."""
    alice, bob, _ = _people()
    stolen = datakeys.as_stored((alice.subject_id, "accounts"))
    erasure.erase(alice.subject_id, actor=Actor.person(alice.subject_id), now=now())
    with connections["keys"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO keystore_datakey (subject_id, activity, epoch, wrapped) VALUES (%s, %s, %s, %s)",
            [alice.subject_id.hex, "accounts", *stolen],
        )
    with pytest.raises(DrillFailed, match="1 now no more"):
        keystore.rotate(now=now())
    assert keystore.living([(alice.subject_id, "accounts")]) == set()
    assert keystore.rotate(now=now()).resumed
    assert Account.objects.get(pk=bob.pk).email


def test_what_a_thief_of_old_copies_has_opens_with_no_key_once_the_epoch_is_over() -> None:
    first = drills.run(now=now())
    assert first.probe is not None
    wrapped, place = bytes(first.probe_key), datakeys.place_of(first.probe, "drill")
    key = vault.epoch_key(first.probe_epoch).unwrap(wrapped, place)  # until then it does: that's why it ends
    assert repr(key) == "<secret>"
    keystore.rotate(now=now())
    with pytest.raises(EpochKeyMissing):
        vault.epoch_key(first.probe_epoch)
    assert drills.run(now=now()).passed
    # An epoch that should be over and isn't: its number is no longer the one that opens the stolen key.
    Drill.objects.filter(pk=drills.run(now=now()).pk).update(probe_epoch=0)
    assert drills.run(now=now()).readable == 1


def test_no_people_at_all() -> None:
    assert not Subject.objects.exists()
    found = drills.run(now=now())
    assert found.passed
    assert (found.living, found.unreadable) == (0, 0)


def test_a_project_without_a_keystore_passes() -> None:
    with mock.patch.object(vault, "available", return_value=False):
        found = drills.run(now=now())
        assert list(drills.alarms(now())) == []
    assert found.passed
    assert (found.epoch, found.probe) == (0, None)


def test_an_older_keystore_is_refused() -> None:
    _people(1)
    keystore.rotate(now=now())
    with connections["keys"].cursor() as cursor:
        cursor.execute("UPDATE keystore_vault SET epoch = epoch - 1")
    try:
        with pytest.raises(KeystoreOlder, match="current keystore back"):
            drills.stand()
        assert [one.code for one in drills.alarms(now())] == ["keys.epoch-key-missing"]
        with pytest.raises(SystemExit, match="keystore-older"):
            serving.settled()
    finally:
        with connections["keys"].cursor() as cursor:
            cursor.execute("UPDATE keystore_vault SET epoch = epoch + 1")
    drills.stand()


def test_alarms_say_what_is_late_moved_back_or_unreadable() -> None:
    status = keystore.status(now=now())
    late = status.due_at + timedelta(hours=7)
    assert [one.code for one in drills.alarms(status.due_at + timedelta(hours=1))] == []
    assert [one.code for one in drills.alarms(late)] == ["keys.late"]
    back = status.begun_at - timedelta(days=1)
    assert [one.code for one in drills.alarms(back)] == ["keys.clock-moved-back"]
    path = epochkeys.path_of(status.epoch)
    kept = path.read_bytes()
    path.write_bytes(kept[:90])
    assert [one.code for one in drills.alarms(now())] == ["keys.epoch-key-damaged"]
    path.unlink()
    assert [one.code for one in drills.alarms(now())] == ["keys.epoch-key-missing"]
    path.write_bytes(kept)
    path.chmod(0o640)
    assert [one.code for one in drills.alarms(now())] == ["keys.epoch-key-unreadable"]
    path.chmod(0o600)
    assert list(drills.alarms(now())) == []
