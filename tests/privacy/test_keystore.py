"""Data keys, epoch key files, and that data, keystore and key files belong together."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, connections

from seqlense.kit.clock import now
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import keystore
from seqlense.privacy.errors import SealBroken
from seqlense.privacy.keystore import epochkeys, inhand, vault
from seqlense.privacy.keystore.envelope import Key, Secret
from seqlense.privacy.keystore.errors import (
    EpochKeyDamaged,
    EpochKeyMissing,
    EpochKeyUnreadable,
    KeystoreMissing,
    WrongInstallation,
)

pytestmark = pytest.mark.django_db
PLACE = b"somewhere"


@pytest.fixture
def unborn() -> Iterator[None]:
    """Neither database has an installation yet; afterwards, the one there was."""
    tables = ((connection, "privacy_installation"), (connections["keys"], "keystore_vault"))
    kept = []
    for database, table in tables:
        with database.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            kept.append(cursor.fetchone())
            cursor.execute(f"DELETE FROM {table}")
    with mock.patch.dict(vault._settled, clear=True):
        yield
    for (database, table), row in zip(tables, kept, strict=True):
        with database.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(row))})", row)


@pytest.fixture
def epoch_file() -> Iterator[Path]:
    """The current epoch's key file, put back as it was afterwards."""
    path = epochkeys.path_of(keystore.status(now=now()).epoch)
    whole = path.read_bytes()
    yield path
    path.unlink(missing_ok=True)
    path.write_bytes(whole)
    path.chmod(0o600)


def usable(pair: tuple[UUID, str]) -> bool:
    return pair in keystore.keys_for([pair])


def test_one_key_for_each_person_and_activity() -> None:
    alice, bob = uuid7(), uuid7()
    pairs = [(alice, "accounts"), (alice, "crm"), (bob, "accounts")]
    made = keystore.mint(pairs)
    sealed = {pair: key.seal(b"secret", PLACE) for pair, key in made.items()}
    again = keystore.mint(pairs)
    for pair, value in sealed.items():
        assert again[pair].open(value, PLACE) == b"secret"
        for other in set(pairs) - {pair}:
            with pytest.raises(SealBroken):
                again[other].open(value, PLACE)
    assert keystore.keys_for([(bob, "crm")]) == {}


def test_destroying_is_by_pair_idempotent_and_at_once() -> None:
    alice, bob = uuid7(), uuid7()
    pairs = [(alice, "accounts"), (alice, "crm"), (bob, "crm")]
    with keystore.session():
        keystore.mint(pairs)
        assert len(inhand.held()) == 3
        assert keystore.destroy([(alice, "crm")]) == 1
        assert inhand.held() == {}
        assert keystore.destroy([(alice, "crm")]) == 0
        assert set(keystore.keys_for(pairs)) == {pairs[0], pairs[2]}
        assert keystore.destroy_all_of([alice, bob]) == 2
    assert keystore.keys_for(pairs) == {}


def test_altered_or_moved_ciphertext_doesnt_open() -> None:
    key = Key(Secret.new())
    sealed = key.seal(b"secret", PLACE)
    assert key.seal(b"secret", PLACE) != sealed
    for number in range(len(sealed)):
        bent = bytes([*sealed[:number], sealed[number] ^ 1, *sealed[number + 1 :]])
        with pytest.raises(SealBroken):
            key.open(bent, PLACE)
    for wrong in (b"", sealed[:28], sealed + b"x"):
        with pytest.raises(SealBroken):
            key.open(wrong, PLACE)
    with pytest.raises(SealBroken):
        key.open(sealed, b"elsewhere")
    assert "secret" not in repr(key)


def test_a_wrapped_key_moved_to_another_person_doesnt_open() -> None:
    alice, bob = uuid7(), uuid7()
    keystore.mint([(alice, "accounts"), (bob, "accounts")])
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT wrapped FROM keystore_datakey WHERE subject_id = %s", [alice.hex])
        cursor.execute(
            "UPDATE keystore_datakey SET wrapped = %s WHERE subject_id = %s", [cursor.fetchone()[0], bob.hex]
        )
    with pytest.raises(SealBroken):
        keystore.keys_for([(bob, "accounts")])


def test_the_keystore_is_set_up_to_forget() -> None:
    with connections["keys"].cursor() as cursor:
        found = {}
        for pragma in ("secure_delete", "synchronous", "journal_mode", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    assert found == {"secure_delete": 1, "synchronous": 2, "journal_mode": "wal", "busy_timeout": 20000}


def test_the_epoch_key_is_the_owners_alone_and_in_neither_database(epoch_file: Path) -> None:
    keystore.mint([(uuid7(), "accounts")])
    assert epoch_file.stat().st_mode & 0o777 == 0o600
    assert epoch_file.parent.stat().st_mode & 0o077 == 0
    assert Path(connections["keys"].settings_dict["NAME"]).parent != epoch_file.parent


@pytest.mark.parametrize(
    ("harm", "error", "words"),
    [
        (lambda path: path.unlink(), EpochKeyMissing, "missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:120]), EpochKeyDamaged, "cut short"),
        (lambda path: path.write_bytes(b""), EpochKeyDamaged, "cut short"),
        (lambda path: path.write_bytes(os.urandom(300)), EpochKeyDamaged, "damaged"),
        (
            lambda path: path.write_text(path.read_text().replace("epoch: ", "epoch: 9")),
            EpochKeyDamaged,
            "damaged",
        ),
        (lambda path: path.chmod(0o644), EpochKeyUnreadable, "chmod 600"),
    ],
)
def test_a_harmed_epoch_key_is_told_and_healed(epoch_file: Path, harm: Any, error: Any, words: str) -> None:
    pair = (uuid7(), "accounts")
    keystore.mint([pair])
    whole = epoch_file.read_bytes()
    harm(epoch_file)
    with pytest.raises(error, match=words) as told:
        keystore.keys_for([pair])
    assert str(epoch_file) in str(told.value)
    with pytest.raises(error):
        keystore.mint([(uuid7(), "accounts")])
    epoch_file.write_bytes(whole)
    epoch_file.chmod(0o600)
    assert usable(pair)


def test_an_epoch_key_of_another_installation(epoch_file: Path) -> None:
    epoch = keystore.status(now=now()).epoch
    epoch_file.unlink()
    epochkeys.create(epoch_file, installation=uuid7(), epoch=epoch, now=now())
    with pytest.raises(WrongInstallation, match="another installation"):
        keystore.mint([(uuid7(), "accounts")])


def test_data_of_another_installation(epoch_file: Path) -> None:
    with mock.patch.dict(vault._settled, clear=True):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE privacy_installation SET installation = %s", [uuid7()])
        with pytest.raises(WrongInstallation, match="belong to this data"):
            keystore.installation()
        with connections["keys"].cursor() as cursor:
            cursor.execute("DELETE FROM keystore_vault")
        with pytest.raises(KeystoreMissing, match="keystore is empty"):
            keystore.installation()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM privacy_installation")
        with pytest.raises(WrongInstallation, match="empty folder"):
            keystore.installation()


@pytest.mark.django_db(transaction=True)
def test_a_first_start_cut_off_is_finished_by_the_next(unborn: None, tmp_path: Path, settings: Any) -> None:
    settings.SEQLENSE_EPOCH_KEYS = tmp_path / "keys"
    steps: list[tuple[Any, str]] = [(epochkeys, "create"), (epochkeys, "read"), (vault, "_insert_vault")]
    for place, step in [*steps, (vault, "_insert_data"), (Path, "rename")]:
        cut_off = mock.patch.object(place, step, side_effect=OSError(5, "cut off"))
        with cut_off, pytest.raises(OSError, match="cut off"):
            keystore.installation()
    assert keystore.installation() == keystore.status(now=now()).installation
    assert [path.name for path in (tmp_path / "keys").glob("epoch*")] == ["epoch-000001.key"]


@pytest.mark.django_db(transaction=True)
def test_a_new_installation_doesnt_take_over_anothers_key(unborn: None) -> None:
    with pytest.raises(WrongInstallation, match="empty folder"):
        keystore.installation()


def test_a_project_without_a_keystore_is_told_only_when_it_needs_one() -> None:
    with mock.patch.object(settings, "DATABASES", {"default": {}}):
        assert not keystore.available()
        assert keystore.destroy([(uuid7(), "crm")]) == 0
        with pytest.raises(KeystoreMissing, match="DATABASES"):
            keystore.keys_for([(uuid7(), "crm")])


def test_status_counts_and_dates() -> None:
    before = keystore.status(now=now())
    keystore.mint([(uuid7(), "accounts"), (uuid7(), "crm")])
    state = keystore.status(now=before.begun_at + timedelta(days=1))
    assert (state.keys - before.keys, state.age, state.due) == (2, timedelta(days=1), False)
    assert state.due_at == state.begun_at + timedelta(days=7)
    assert keystore.status(now=state.due_at).due


@pytest.mark.django_db(transaction=True)
def test_a_clock_moved_back_is_noticed_and_keeps_everyone_readable() -> None:
    pair = (uuid7(), "accounts")
    keystore.mint([pair])
    earlier = keystore.status(now=now()).begun_at - timedelta(days=400)
    state = keystore.status(now=earlier)
    assert state.due
    assert state.age < timedelta()
    keystore.rotate(now=earlier)
    assert usable(pair)
    assert not keystore.status(now=earlier).due


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_key() -> None:
    pair = (uuid7(), "accounts")
    start = threading.Barrier(8)
    sealed: list[bytes] = []

    def work() -> None:
        start.wait()
        sealed.append(keystore.mint([pair])[pair].seal(b"x", PLACE))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    key = keystore.keys_for([pair])[pair]
    assert [key.open(one, PLACE) for one in sealed] == [b"x"] * 8


def test_rotating_within_a_transaction_is_refused() -> None:
    with pytest.raises(keystore.KeystoreError, match="rolled back"):
        keystore.rotate(now=now())


@pytest.mark.django_db(transaction=True)
def test_no_key_and_no_handle_in_clear_in_the_files() -> None:
    from seqlense.privacy import subjects

    subject = subjects.find_or_create("email", "in.the.clear@example.com", now=now())
    keystore.mint([(subject, "accounts")])
    folder = Path(connections["keys"].settings_dict["NAME"]).parent
    for path in folder.iterdir():
        assert b"in.the.clear" not in path.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_an_old_copy_of_the_keystore_opens_nothing_after_a_rotation(tmp_path: Path) -> None:
    pair, other = (uuid7(), "accounts"), (uuid7(), "accounts")
    keystore.mint([pair, other])
    stolen = sqlite3.connect(tmp_path / "stolen.sqlite3")
    with sqlite3.connect(connections["keys"].settings_dict["NAME"]) as file:
        file.backup(stolen)
    file.close()
    keystore.destroy([pair])
    keystore.rotate(now=now())
    assert usable(other)
    wrapped = stolen.execute("SELECT epoch, wrapped FROM keystore_datakey").fetchall()
    stolen.close()
    assert len(wrapped) == 2
    for epoch, _ in wrapped:
        with pytest.raises(EpochKeyMissing):
            vault.epoch_key(epoch)
