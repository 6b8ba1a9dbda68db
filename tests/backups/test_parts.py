"""The keystore and documents come back where there are none; an old keystore is recognised."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from seqlense.accounts.models import Account
from seqlense.privacy import acts, backups, keystore
from seqlense.privacy.actor import Actor
from seqlense.privacy.backups import places
from seqlense.privacy.keystore import rotation
from seqlense.privacy.keystore.errors import KeystoreOlder
from seqlense.privacy.restoring import keys, keystore_check, remnants_sql
from seqlense.privacy.restoring.errors import NotEmpty
from seqlense.privacy.restoring.restore import restore
from tests import cast
from tests.backups.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("tests")


def test_the_keystore_comes_back_only_where_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.alice()
    [made] = backups.create(["keystore"], actor=SYSTEM, now=NOW).backups
    with pytest.raises(NotEmpty, match="always the right one"):
        restore(made.name, now=NOW)
    elsewhere = tmp_path / "new" / "keystore.sqlite3"
    monkeypatch.setattr("seqlense.privacy.backups.keys.alias_file", lambda: elsewhere)
    restore(made.name, now=NOW)
    copy = places.named(made.name).path / "keystore.sqlite3"
    assert elsewhere.read_bytes() == copy.read_bytes()
    assert elsewhere.stat().st_mode & 0o777 == 0o600


def test_a_copy_of_the_keystore_from_an_earlier_epoch_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody had put it aside; the rotation removed the one that lay in its place."""
    cast.alice()
    [made] = backups.create(["keystore"], actor=SYSTEM, now=NOW).backups
    path = places.named(made.name).path
    shutil.copytree(path, tmp_path / "aside")
    rotation.rotate(now=NOW + timedelta(days=7))
    assert not path.exists()
    shutil.copytree(tmp_path / "aside", path)
    monkeypatch.setattr(keys, "_in_place", lambda: False)
    with pytest.raises(KeystoreOlder, match="opens nothing any more"):
        restore(made.name, now=NOW)


def test_documents_come_back_where_there_are_none(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "documents" / "a").mkdir(parents=True)
    (tmp_path / "documents" / "a" / "contract").write_bytes(b"sealed")
    [made] = backups.create(["documents"], actor=SYSTEM, now=NOW).backups
    with pytest.raises(NotEmpty):
        restore(made.name, now=NOW)
    shutil.rmtree(tmp_path / "documents")
    restore(made.name, now=NOW)
    assert (tmp_path / "documents" / "a" / "contract").read_bytes() == b"sealed"


def test_a_keystore_that_is_older_than_the_data_is_known_by_its_epoch() -> None:
    cast.alice()
    epoch = keystore.status(now=NOW).epoch
    assert keystore_check.current() == epoch
    acts.record("privacy.keys_rotated", actor=SYSTEM, now=NOW, epoch=epoch + 1)
    with pytest.raises(KeystoreOlder, match=f"knows of epoch {epoch + 1}"):
        keystore_check.current()


def test_who_has_no_key_is_found_and_what_nobody_can_read_goes() -> None:
    alice, bob, paul = cast.alice(), cast.bob(), cast.paul()
    acts.record_staff(
        "privacy.read", actor=Actor.staff(paul.subject_id), subject=bob.subject_id, reason="a letter", now=NOW
    )
    assert keystore_check.unread() == keystore_check.Unread((), ())
    keystore.destroy_all_of([alice.subject_id])
    keystore.destroy([(bob.subject_id, "accounts")])
    found = keystore_check.unread()
    assert found == keystore_check.Unread((alice.subject_id,), ((bob.subject_id, "accounts"),))
    assert remnants_sql.clear(bob.subject_id, "accounts") > 0
    assert not Account.objects.filter(subject_id=bob.subject_id).exists()
    assert keystore_check.unread().parts == ()
    assert Account.objects.filter(subject_id=paul.subject_id).exists()
