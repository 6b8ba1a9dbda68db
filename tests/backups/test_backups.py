"""Backups: made whole or not at all, signed, read back byte by byte, and gone when their time is over."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from seqlense.privacy import backups, keystore
from seqlense.privacy.actor import Actor
from seqlense.privacy.alarms import Alarm
from seqlense.privacy.backups import places, programs
from seqlense.privacy.backups.errors import (
    BackupAltered,
    BackupCutShort,
    BackupElsewhere,
    BackupFull,
    BackupRunning,
    ProgramFailed,
    ProgramMissing,
    UnknownBackup,
)
from seqlense.privacy.backups.manifest import Manifest
from seqlense.privacy.backups.places import Chain
from seqlense.privacy.keystore import rotation, vault
from seqlense.privacy.log import place
from seqlense.privacy.records import Act
from tests import cast
from tests.backups.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("tests")


def made(*chains: Chain, now: datetime = NOW) -> Manifest:
    """One backup."""
    return backups.create(chains or ("data",), actor=SYSTEM, now=now).backups[-1]


def path_of(made: Manifest) -> Path:
    return places.named(made.name).path


def test_each_chain_is_backed_up_signed_and_read_back(folder: Path) -> None:
    cast.alice()
    (folder.parent / "documents" / "a").mkdir(parents=True)
    (folder.parent / "documents" / "a" / "contract").write_bytes(os.urandom(5000))
    epoch = keystore.status(now=NOW).epoch
    done = backups.create(actor=SYSTEM, now=NOW)
    assert [one.name for one in done.backups] == [
        "data-2026-11-23T021700Z-until-2026-12-28",
        "documents-2026-11-23T021700Z-until-2026-12-28",
        f"keystore-2026-11-23T021700Z-epoch-{epoch:06}",
    ]
    data, documents, keys = (backups.verify(one.name) for one in done.backups)
    assert (data, documents, keys) == done.backups
    assert data.subjects == 1
    assert {one.installation for one in done.backups} == {keystore.installation()}
    with tarfile.open(path_of(documents) / "documents.tar") as packed:
        assert packed.getnames() == ["a", "a/contract"]
    assert path_of(keys).parent == folder.parent / "elsewhere"
    for file in folder.parent.rglob("*"):
        assert not file.stat().st_mode & 0o077 or "documents" in file.parts, file
    assert [one.name for one in backups.everything()] == [one.name for one in done.backups]
    noted = Act.objects.filter(kind="privacy.backup_created").values_list("detail__chain", flat=True)
    assert sorted(noted) == ["data", "documents", "keystore"]


def test_no_epoch_key_and_no_readable_name_is_in_any_backup(folder: Path, settings: Settings) -> None:
    alice = cast.alice()
    backups.create(actor=SYSTEM, now=NOW)
    [key] = Path(settings.SEQLENSE_EPOCH_KEYS).glob("epoch-*.key")
    secret = next(line for line in key.read_text().splitlines() if line.startswith("key: "))[5:].encode()
    for file in (one for one in folder.parent.rglob("*") if one.is_file() and one.name != "log.key"):
        content = file.read_bytes()
        assert secret not in content
        assert alice.email.encode() not in content
    dump = folder / "data" / "data-2026-11-23T021700Z-until-2026-12-28" / "data.dump"
    plain = subprocess.run(
        [programs.find("pg_restore", server=18), "-f", "-", dump], capture_output=True, check=True
    ).stdout
    assert str(alice.subject_id).encode() in plain
    assert b"arnaud.example" not in plain


def _cut(folder: Path, name: str) -> None:
    os.truncate(folder / name, (folder / name).stat().st_size // 2)


def _altered(folder: Path, name: str) -> None:
    with (folder / name).open("r+b") as file:
        file.seek(200)
        byte = file.read(1)
        file.seek(200)
        file.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize(
    ("harm", "refusal"),
    [
        (lambda folder: _cut(folder, "data.dump"), BackupCutShort),
        (lambda folder: (folder / "data.dump").unlink(), BackupCutShort),
        (lambda folder: (folder / "manifest").unlink(), BackupCutShort),
        (lambda folder: _altered(folder, "data.dump"), BackupAltered),
        (lambda folder: os.truncate(folder / "data.dump", 10_000_000), BackupAltered),
        (lambda folder: (folder / "more").touch(), BackupAltered),
        (lambda folder: _altered(folder, "manifest"), BackupAltered),
        (lambda folder: _cut(folder, "manifest"), BackupAltered),
        (lambda folder: (folder / "manifest").write_bytes(b"\xff\xfe"), BackupAltered),
    ],
)
def test_what_was_cut_short_or_altered_is_refused(harm: object, refusal: type[Exception]) -> None:
    assert callable(harm)
    done = made()
    harm(path_of(done))
    with pytest.raises(refusal):
        backups.verify(done.name)


def test_a_backup_under_another_name_or_of_another_installation_is_refused(settings: Settings) -> None:
    done = made()
    path = path_of(done)
    path.rename(path.with_name(done.name.replace("11-23", "11-24")))
    with pytest.raises(BackupAltered, match="under the name"):
        backups.verify(done.name.replace("11-23", "11-24"))
    with pytest.raises(UnknownBackup):
        backups.verify(done.name)
    path.with_name(done.name.replace("11-23", "11-24")).rename(path)
    backups.verify(done.name)
    own = settings.SEQLENSE_LOG_KEY
    settings.SEQLENSE_LOG_KEY = own.with_name("another.key")
    place.make_key()
    with pytest.raises(BackupAltered, match="wasn't signed"):
        backups.verify(done.name)
    settings.SEQLENSE_LOG_KEY = own
    with vault.connection().cursor() as cursor:
        cursor.execute("SELECT installation FROM keystore_vault")
        (before,) = cursor.fetchone()
        cursor.execute("UPDATE keystore_vault SET installation = %s", ["0" * 32])
        try:
            with pytest.raises(BackupElsewhere):
                backups.verify(done.name)
        finally:
            cursor.execute("UPDATE keystore_vault SET installation = %s", [before])


KILLED = """
import os, signal, django
django.setup()
from seqlense.kit.clock import now
from seqlense.privacy import backups
from seqlense.privacy.actor import Actor
backups.create(["data"], actor=Actor.system("tests"), now=now(),
               report=lambda chain, written: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_backup_that_was_killed_is_none_and_goes_with_the_next(
    folder: Path, child_environment: dict[str, str]
) -> None:
    variables = {
        **child_environment,
        "SEQLENSE_BACKUPS": str(folder),
        "SEQLENSE_HOME": str(folder.parent),
        "SEQLENSE_LOG_KEY": str(folder.parent / "log-key" / "log.key"),
    }
    killed = subprocess.run([sys.executable, "-c", KILLED], env=variables, check=False)
    assert killed.returncode == -signal.SIGKILL
    [left] = (folder / "data").iterdir()
    assert left.name.endswith(".partial")
    assert backups.everything() == []
    done = backups.create(["data"], actor=SYSTEM, now=NOW)
    assert done.pruned.removed == (left.name,)
    assert [one.name for one in (folder / "data").iterdir()] == [done.backups[0].name]


def test_two_at_once_and_a_folder_that_takes_nothing(folder: Path, settings: Settings) -> None:
    with places.alone(), pytest.raises(BackupRunning):
        made()
    settings.SEQLENSE_BACKUPS = Path("/proc/no")
    with pytest.raises((BackupFull, FileNotFoundError)):
        made()
    settings.SEQLENSE_BACKUPS = folder
    twice = [made(), made()]
    assert twice[1].name == f"{twice[0].name}-2"
    assert [backups.verify(one.name) for one in twice] == twice


def test_data_goes_on_its_day_and_the_latest_stays(folder: Path, settings: Settings) -> None:
    settings.SEQLENSE_BACKUP_DAYS = 10
    old = made()
    new = made(now=NOW + timedelta(days=3))
    assert backups.prune(now=NOW + timedelta(days=9), actor=SYSTEM).removed == ()
    assert backups.prune(now=NOW + timedelta(days=10), actor=SYSTEM).removed == (old.name,)
    assert backups.prune(now=NOW + timedelta(days=60), actor=SYSTEM).removed == ()
    assert [one.name for one in backups.everything()] == [new.name]


def test_of_the_keystore_one_copy_is_kept_and_none_of_an_earlier_epoch(folder: Path) -> None:
    cast.alice()
    first = made("keystore")
    second = backups.create(["keystore"], actor=SYSTEM, now=NOW + timedelta(hours=1))
    assert second.pruned.removed == (first.name,)
    with places.alone():  # somebody who is at the backups prunes at the end
        rotation.rotate(now=NOW + timedelta(days=7))
    [late] = [one for one in backups.alarms(NOW) if one.code == "backups.keystore-copy-stays"]
    assert late.about == second.backups[0].name
    pruned = backups.prune(now=NOW + timedelta(days=7), actor=SYSTEM)
    assert pruned.removed == (second.backups[0].name,)
    made("keystore", now=NOW + timedelta(days=8))
    rotation.rotate(now=NOW + timedelta(days=14))
    assert list((folder.parent / "elsewhere").iterdir()) == []


def test_a_copy_that_cannot_be_removed_is_said_and_alarmed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made("keystore")

    def refuse(path: Path, *, overwrite: bool) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(places, "remove", refuse)
    done = backups.create(["keystore"], actor=SYSTEM, now=NOW + timedelta(hours=1))
    assert done.pruned.staying == (first.name,)
    assert Alarm("backups.keystore-copy-stays", NOW, first.name) in list(backups.alarms(NOW))


def test_a_copy_of_the_keystore_is_overwritten_before_it_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made("keystore")
    gone = folder.parent / "seen"
    monkeypatch.setattr(shutil, "rmtree", lambda path: Path(path).rename(gone))
    places.remove(path_of(first), overwrite=True)
    assert b"SQLite format" not in (gone / "keystore.sqlite3").read_bytes()[:16]


def test_alarms_say_what_is_late_or_damaged() -> None:
    cast.alice()
    soon, late = cast.OPENED + timedelta(hours=1), cast.OPENED + timedelta(days=3)
    assert list(backups.alarms(soon)) == []
    assert {one.about for one in backups.alarms(late) if one.code == "backups.late"} == {"data", "keystore"}
    done = backups.create(["data", "keystore"], actor=SYSTEM, now=late)
    assert list(backups.alarms(late + timedelta(days=1))) == []
    assert len(list(backups.alarms(late + timedelta(days=2)))) == 2
    (path_of(done.backups[0]) / "manifest").write_text("nothing")
    assert Alarm("backups.backup-altered", late, done.backups[0].name) in list(backups.alarms(late))


def test_no_fitting_program_is_said_and_its_words_are_cut() -> None:
    with pytest.raises(ProgramMissing, match="postgresql-client-7"):
        programs.find("pg_dump", server=7)
    words = programs.impersonal('query failed: value "zorv@mail.example" in table "privacy_act"')
    assert words == 'query failed: value "…" in table "privacy_act"'
    server = programs.Server({"host": "/nowhere", "dbname": "x", "password": "hidden"})
    assert "hidden" not in repr(server) + server.conninfo
    with pytest.raises(ProgramFailed, match="pg_dump failed"):
        programs.run([programs.find("pg_dump", server=18), f"--dbname={server.conninfo}"], server)


def test_the_command_makes_lists_and_verifies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from seqlense.project.cli import main

    def said(*arguments: str, code: int = 0) -> object:
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--json"])
        assert ended.value.code == code
        return json.loads(capsys.readouterr().out)

    done = said("backup", "create", "--chain", "data")
    assert isinstance(done, dict)
    [name] = [one["name"] for one in done["backups"]]
    assert [one["name"] for one in said("backup", "list")] == [name]  # type: ignore[attr-defined]
    assert said("backup", "verify")[0]["code"] == ""  # type: ignore[index]
    _cut(places.named(name).path, "data.dump")
    assert said("backup", "verify", name, code=1)[0]["code"] == "backup-cut-short"  # type: ignore[index]
    error = said("backup", "restore", name, code=1)
    assert error["error"]["code"] == "backup-cut-short"  # type: ignore[index]
