"""Rotation: cut off anywhere, on a full disk, twice at once, while others write."""

import errno
import os
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import OperationalError, connections

from seqlense.kit.clock import now
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import keystore, subjects
from seqlense.privacy.keystore import epochkeys, rewrapping
from seqlense.privacy.keystore.errors import EpochKeyMissing, KeystoreFull, RotationRunning
from seqlense.privacy.models import Act

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = b"somewhere"
# Where the process is killed: just before, or right after, each thing that a rotation does.
CUTS = [
    ("epochkeys.create", "before"),
    ("epochkeys.create", "after"),
    ("_begin_epoch", "after"),
    ("rewrapping._write", "before"),
    ("rewrapping._write", "after"),
    ("rewrapping._write", "within"),
    ("retiring.send", "before"),
    ("retiring.send", "after"),
    ("epochkeys.remove", "before"),
    ("epochkeys.remove", "overwritten"),
    ("epochkeys.remove", "after"),
    ("rotated.send", "before"),
    ("rotated.send", "after"),
    ("checkpoint", "before"),
    ("_finish", "after"),
]
KILLED_AT = """
import os, signal, sys, django
django.setup()
from seqlense.kit.clock import now
from seqlense.privacy.keystore import epochkeys, rewrapping, rotation, vault
from seqlense.privacy.keystore.signals import retiring, rotated

name, when = sys.argv[1:]
rewrapping._FIRST_BATCH = rewrapping._SMALLEST_BATCH = rewrapping._LARGEST_BATCH = 7
place, _, name = name.rpartition(".")
places = {"epochkeys": epochkeys, "rewrapping": rewrapping, "retiring": retiring, "rotated": rotated}
place = places.get(place, rotation)
usual, calls = getattr(place, name), []

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def cut(*arguments, **named):
    calls.append(1)
    late = name != "_write" or len(calls) == 3
    if when == "before" and late:
        die()
    if when == "within" and late:
        with vault.changing() as cursor:
            cursor.execute("UPDATE keystore_datakey SET wrapped = 'x'")
            die()
    if when == "overwritten":
        epochkeys.path_of(arguments[0].number).write_bytes(os.urandom(200))
        die()
    result = usual(*arguments, **named)
    if when == "after" and late:
        die()
    return result

setattr(place, name, cut)
rotation.rotate(now=now())
"""


class People:
    """Some people with keys, a value sealed under each, and a handle."""

    def __init__(self, count: int = 40) -> None:
        self.pairs = [(uuid7(), "accounts" if number % 2 else "crm") for number in range(count)]
        self.sealed = {
            pair: key.seal(pair[0].bytes, PLACE) for pair, key in keystore.mint(self.pairs).items()
        }
        self.address = f"{uuid7()}@example.com"
        self.subject = subjects.find_or_create("email", self.address, now=now())

    def all_readable(self) -> bool:
        found = keystore.keys_for(self.pairs)
        opened = {
            pair: found[pair].open(value, PLACE) == pair[0].bytes for pair, value in self.sealed.items()
        }
        return all(opened.values()) and subjects.find("email", self.address) == self.subject

    def one_more(self) -> None:
        pair = (uuid7(), "accounts")
        self.sealed[pair] = keystore.mint([pair])[pair].seal(pair[0].bytes, PLACE)
        self.pairs.append(pair)


def epochs_in_use() -> set[int]:
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT DISTINCT epoch FROM keystore_datakey")
        return {row[0] for row in cursor.fetchall()}


def test_everyone_moves_to_the_new_epoch_and_the_old_key_is_gone() -> None:
    people = People()
    before = keystore.status(now=now())
    told: list[tuple[int, int]] = []
    cut_off = epochkeys.folder() / f"{epochkeys.path_of(before.epoch + 1).name}.0a1b2c3d.draft"
    cut_off.write_text("half a key")
    with mock.patch.multiple(rewrapping, _FIRST_BATCH=7, _SMALLEST_BATCH=7, _LARGEST_BATCH=7):
        done = keystore.rotate(now=now(), progress=lambda so_far, total: told.append((so_far, total)))
    assert (done.epoch, done.rewrapped, done.resumed) == (before.epoch + 1, before.keys, False)
    assert told[-1] == (before.keys, before.keys)
    assert all(one[0] < other[0] for one, other in pairwise(told))
    assert not cut_off.exists()
    assert epochs_in_use() == {done.epoch}
    assert epochkeys.epochs() == [done.epoch]
    assert people.all_readable()
    assert keystore.status(now=now()).retiring is None
    wal = Path(f"{connections['keys'].settings_dict['NAME']}-wal")
    assert not wal.exists() or wal.stat().st_size == 0


@pytest.mark.parametrize(("step", "when"), CUTS)
def test_killed_at_any_step_everyone_stays_readable_and_a_rerun_finishes(
    step: str, when: str, child_environment: dict[str, str]
) -> None:
    people = People()
    before = keystore.status(now=now())
    connections.close_all()
    child = subprocess.run(
        [sys.executable, "-c", KILLED_AT, step, when], env=child_environment, capture_output=True, check=False
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    people.one_more()
    assert people.all_readable()
    done = keystore.rotate(now=now())
    assert people.all_readable()
    assert epochs_in_use() == {done.epoch}
    assert epochkeys.epochs() == [done.epoch]
    assert done.epoch > before.epoch
    assert keystore.status(now=now()).retiring is None
    assert Act.objects.filter(kind="privacy.keys_rotated", detail__epoch=done.epoch).count() == 1


def test_the_old_key_lost_in_the_middle_is_said(child_environment: dict[str, str]) -> None:
    people = People()
    old = keystore.status(now=now()).epoch
    connections.close_all()
    subprocess.run(
        [sys.executable, "-c", KILLED_AT, "rewrapping._write", "after"], env=child_environment, check=False
    )
    kept = epochkeys.path_of(old).read_bytes()
    epochkeys.path_of(old).unlink()
    with pytest.raises(EpochKeyMissing, match=epochkeys.path_of(old).name):
        keystore.rotate(now=now())
    epochkeys.path_of(old).write_bytes(kept)
    epochkeys.path_of(old).chmod(0o600)
    assert keystore.rotate(now=now()).resumed
    assert people.all_readable()


def test_two_at_once_one_refuses() -> None:
    people = People()
    refused = []

    def second(so_far: int, total: int) -> None:
        with pytest.raises(RotationRunning):
            keystore.rotate(now=now())
        refused.append(so_far)

    keystore.rotate(now=now(), progress=second)
    assert refused
    assert people.all_readable()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_no_room_for_the_new_key_file(code: int) -> None:
    people = People()
    before = keystore.status(now=now()).epoch
    no_room = mock.patch("os.fsync", side_effect=OSError(code, os.strerror(code)))
    with no_room, pytest.raises(KeystoreFull, match="make room"):
        keystore.rotate(now=now())
    assert people.all_readable()
    assert [path.name for path in epochkeys.folder().iterdir() if "draft" in path.name] == []
    assert keystore.rotate(now=now()).epoch == before + 1


def test_no_room_in_the_keystore() -> None:
    """As SQLite says it, in the middle; and for real, with a limit on the size of its log."""
    people = People()
    usual, calls = rewrapping._write, []

    def full(old: int, new: int, rewrapped: Any) -> float:
        calls.append(1)
        if len(calls) == 3:
            raise OperationalError("database or disk is full")
        return usual(old, new, rewrapped)

    small = mock.patch.multiple(rewrapping, _write=full, _FIRST_BATCH=7, _SMALLEST_BATCH=7, _LARGEST_BATCH=7)
    with small, pytest.raises(KeystoreFull, match="full"):
        keystore.rotate(now=now())
    assert len(epochs_in_use()) == 2
    people.one_more()
    assert people.all_readable()
    assert keystore.rotate(now=now()).resumed
    assert people.all_readable()


def test_a_disk_that_is_really_full(child_environment: dict[str, str]) -> None:
    people = People(400)
    connections.close_all()
    program = """
import resource, signal, django
django.setup()
from pathlib import Path
from django.conf import settings
from seqlense.kit.clock import now
from seqlense.privacy import keystore
from seqlense.privacy.keystore import rewrapping
rewrapping._FIRST_BATCH = rewrapping._LARGEST_BATCH = 50
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
keystore.status(now=now())
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
try:
    keystore.rotate(now=now())
except keystore.KeystoreError as refused:
    print(refused.code)
"""
    child = subprocess.run(
        [sys.executable, "-c", program], env=child_environment, capture_output=True, text=True, check=False
    )
    assert child.stdout.strip() == "keystore-full", child.stderr
    assert people.all_readable()
    assert keystore.rotate(now=now()).resumed
    assert people.all_readable()
    assert len(epochs_in_use()) == 1


def test_people_come_and_go_while_it_runs() -> None:
    people = People(200)
    stop = threading.Event()
    made: list[tuple[tuple[UUID, str], bytes]] = []
    gone: list[tuple[UUID, str]] = []

    def live() -> None:
        while not stop.is_set():
            pair = (uuid7(), "crm")
            made.append((pair, keystore.mint([pair])[pair].seal(b"x", PLACE)))
            if len(people.pairs) > 150:
                gone.append(people.pairs.pop(0))
                del people.sealed[gone[-1]]
                keystore.destroy([gone[-1]])
        connections.close_all()

    thread = threading.Thread(target=live)
    thread.start()
    with mock.patch.multiple(rewrapping, _FIRST_BATCH=5, _SMALLEST_BATCH=5, _LARGEST_BATCH=5):
        for _ in range(3):
            keystore.rotate(now=now())
    stop.set()
    thread.join()
    assert made
    assert gone
    assert people.all_readable()
    assert keystore.keys_for(gone) == {}
    found = keystore.keys_for([pair for pair, _ in made])
    assert all(found[pair].open(sealed, PLACE) == b"x" for pair, sealed in made)
    assert len(epochs_in_use()) == 1
