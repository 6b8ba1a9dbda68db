"""The keystore in PostgreSQL rather than in a file: the same promises, other statements."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections

from seqlense.kit.clock import now
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import keystore, subjects
from seqlense.privacy.keystore import epochkeys, rewrapping, vault
from seqlense.privacy.keystore.errors import RotationRunning

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = b"somewhere"


@pytest.fixture(autouse=True)
def _in_postgresql(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    """Keys in their own database on the tests' server, of a new installation; afterwards all as before."""
    settings.SEQLENSE_EPOCH_KEYS = tmp_path / "keys"
    here, usual = connection.settings_dict, connections.settings["keys"]
    server = {"host": here["HOST"], "user": here["USER"], "dbname": here["NAME"], "autocommit": True}
    with psycopg.connect(**server) as owner:
        owner.execute("DROP DATABASE IF EXISTS test_keys_elsewhere WITH (FORCE)")
        owner.execute("CREATE DATABASE test_keys_elsewhere")
        kept = owner.execute("SELECT installation FROM privacy_installation").fetchone()
        owner.execute("DELETE FROM privacy_installation")
    connections["keys"].close()
    options = {name: value for name, value in here["OPTIONS"].items() if name != "assume_role"}
    connections.settings["keys"] = here | {"NAME": "test_keys_elsewhere", "OPTIONS": options}
    del connections["keys"]
    try:
        with mock.patch.dict(vault._settled, clear=True):
            call_command("migrate", "keystore", database="keys", verbosity=0, skip_checks=True)
            yield
    finally:
        connections["keys"].close()
        connections.settings["keys"] = usual
        del connections["keys"]
        with psycopg.connect(**server) as owner:
            owner.execute("DROP DATABASE test_keys_elsewhere WITH (FORCE)")
            owner.execute("DELETE FROM privacy_installation")
            if kept is not None:
                owner.execute("INSERT INTO privacy_installation (id, installation) VALUES (1, %s)", kept)


def test_keys_handles_and_rotation() -> None:
    assert connections["keys"].vendor == "postgresql"
    pairs = [(uuid7(), activity) for _ in range(60) for activity in ("accounts", "crm")]
    sealed = {pair: key.seal(b"x", PLACE) for pair, key in keystore.mint(pairs).items()}
    alice = subjects.find_or_create("email", "alice@example.com", now=now())
    gone = pairs[::3]
    assert keystore.destroy(gone) == len(gone)
    with mock.patch.multiple(rewrapping, _FIRST_BATCH=7, _SMALLEST_BATCH=7, _LARGEST_BATCH=7):
        done = keystore.rotate(now=now())
    assert (done.epoch, done.rewrapped) == (2, len(pairs) - len(gone))
    assert epochkeys.epochs() == [2]
    found = keystore.keys_for(pairs)
    assert set(found) == set(pairs) - set(gone)
    assert all(found[pair].open(sealed[pair], PLACE) == b"x" for pair in found)
    assert subjects.find("email", "Alice@example.com") == alice
    state = keystore.status(now=now())
    assert (state.keys, state.handles, state.retiring) == (len(found), 1, None)
    assert keystore.release_handles([alice]) == 1
    assert keystore.destroy_all_of([pairs[1][0]]) == 1 + (pairs[0] not in gone)


def test_two_rotations_at_once_and_from_another_machine(settings: Any, tmp_path: Path) -> None:
    keystore.mint([(uuid7(), "accounts")])
    refused = []

    def elsewhere() -> None:
        with (
            mock.patch.object(vault, "exclusive"),
            pytest.raises(RotationRunning),
        ):  # another machine's folder
            keystore.rotate(now=now())
        refused.append(True)
        connections.close_all()

    def second(so_far: int, total: int) -> None:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()

    keystore.rotate(now=now(), progress=second)
    assert refused == [True]


def test_people_come_while_it_runs_and_sign_up_at_once() -> None:
    stop = threading.Event()
    made: list[tuple[tuple[UUID, str], bytes]] = []
    people: list[UUID] = []

    def live() -> None:
        while not stop.is_set():
            pair = (uuid7(), "crm")
            made.append((pair, keystore.mint([pair])[pair].seal(b"x", PLACE)))
            people.append(subjects.find_or_create("email", "alice@example.com", now=now()))
        connections.close_all()

    threads = [threading.Thread(target=live) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        keystore.rotate(now=now())
    stop.set()
    for thread in threads:
        thread.join()
    found = keystore.keys_for([pair for pair, _ in made])
    assert all(found[pair].open(sealed, PLACE) == b"x" for pair, sealed in made)
    assert len(set(people)) == 1
