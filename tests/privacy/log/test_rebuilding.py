"""Files that are gone come back byte for byte; what was altered is found, wherever it was."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from seqlense.privacy import acts, log, requests, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.log import checking, note, place, rebuilding, tiles
from seqlense.privacy.log.errors import LogAhead, LogDamaged, LogError, LogForked, LogMissing
from seqlense.privacy.records import RightsRequest

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def grow(*batches: int) -> None:
    """Seal so many acts at a time."""
    for number, size in enumerate(batches):
        for _ in range(size):
            acts.record("tests.done", actor=Actor.system("tests"), now=NOW)
        log.seal(now=NOW + timedelta(seconds=number))


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_log_that_was_deleted_is_the_same_again(log_folder: Path) -> None:
    person = subjects.create(now=NOW)
    requests.receive(person, RightsRequest.Kind.ACCESS, actor=Actor.person(person), now=NOW)
    grow(1, 2, 250, 1, 4, 260, 3, 5)
    before = files(log_folder)
    assert {"tile/0/002.p/7", "tile/entries/002.p/10", "tile/1/000.p/1", "journal.jsonl"} < set(before)
    shutil.rmtree(log_folder)
    assert rebuilding.rebuild() == rebuilding.Rebuilt(527, journal=True)
    assert files(log_folder) == before
    grow(1)
    assert log.state(now=NOW + timedelta(minutes=1)).problems == ()


def test_a_damaged_or_older_log_is_the_same_again(log_folder: Path, tmp_path: Path) -> None:
    grow(3)
    shutil.copytree(log_folder, tmp_path / "older")
    grow(300)
    (log_folder / "timestamps").mkdir()
    (log_folder / "timestamps" / "2026-03-02.tsr").write_bytes(b"from outside")
    before = files(log_folder)
    (log_folder / "checkpoint").write_bytes(b"nothing")
    (log_folder / "tile/0/000").write_bytes(b"")
    rebuilding.rebuild()
    assert files(log_folder) == before
    shutil.rmtree(log_folder)
    shutil.copytree(tmp_path / "older", log_folder)
    place.files().forget()
    rebuilding.rebuild()
    assert checking.check().entries == 303


def test_nothing_is_rebuilt_that_isn_t_what_was_signed(log_folder: Path, as_owner: Any) -> None:
    with pytest.raises(LogMissing):
        rebuilding.rebuild()
    grow(5)
    published = files(log_folder)
    with connection.cursor() as cursor:
        cursor.execute("select size, root, note from privacy_loghead")
        head = cursor.fetchone()
    grow(2)
    with connection.cursor() as cursor:
        cursor.execute("update privacy_loghead set size = %s, root = %s, note = %s", head)
    with pytest.raises(LogAhead):
        rebuilding.rebuild()
    shutil.rmtree(log_folder)
    with connection.cursor() as cursor:
        cursor.execute("update privacy_loghead set root = %s", [b"\x01" * 32])
    with pytest.raises(LogForked, match="another root"):
        rebuilding.rebuild()
    assert files(log_folder) == {}
    assert published


def _an_older_copy() -> None:
    """The database knows the leaves no more."""
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute("truncate privacy_leaf")


def test_entries_behind_a_damaged_checkpoint_are_kept(log_folder: Path, as_owner: Any) -> None:
    grow(5, 2)
    (log_folder / "checkpoint").write_bytes(b"nothing")
    rebuilding._refuse_to_forget(5)  # cut off before the checkpoint: the leaves are there
    _an_older_copy()
    with pytest.raises(LogAhead) as refused:
        rebuilding._refuse_to_forget(5)
    assert refused.value.entries == 2


def test_a_journal_that_tells_more_than_the_database_is_kept(log_folder: Path, as_owner: Any) -> None:
    person = subjects.create(now=NOW)
    grow(2)
    requests.receive(person, RightsRequest.Kind.ACCESS, actor=Actor.person(person), now=NOW)
    grow(1)
    shutil.rmtree(log_folder / "tile")
    (log_folder / "checkpoint").unlink()
    told = (log_folder / "journal.jsonl").read_bytes()
    rebuilding._refuse_to_forget(2)  # cut off before the checkpoint: the leaf is there
    _an_older_copy()
    with pytest.raises(LogAhead, match="an older copy"):
        rebuilding._refuse_to_forget(2)
    assert (log_folder / "journal.jsonl").read_bytes() == told


def test_the_whole_log_is_looked_through(log_folder: Path) -> None:
    person = subjects.create(now=NOW)
    acts.record("tests.read", actor=Actor.staff(person), now=NOW, subject=person)
    grow(600, 5)
    seen: list[int] = []
    found = checking.check(seen.append)
    assert (found.entries, found.tiles, found.openings, sum(seen)) == (606, 4, 605, 606)


def _flip(path: Path, place: int = 40) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def _swap_entry(folder: Path) -> None:
    """Another entry with its right hash: only the database knows better."""
    kept = tiles.Tiles(folder)
    entries = list(kept.entries(0, 605, 605))
    entries[3] = b"\x07" * 32
    shutil.rmtree(folder / "tile")
    root = tiles.Tiles(folder).append(0, entries)
    signer = place.signer()
    kept.publish(signer.note(note.Checkpoint(signer.verifier.name, 605, root).text).encode())


@pytest.mark.parametrize(
    ("spoil", "kind", "named"),
    [
        (lambda folder: _flip(folder / "tile/0/000"), LogDamaged, "tile/0/000"),
        (lambda folder: _flip(folder / "tile/0/002.p/93"), LogDamaged, "tile/0/002.p/93"),
        (lambda folder: _flip(folder / "tile/1/000.p/2"), LogDamaged, "tile/1/000.p/2"),
        (lambda folder: _flip(folder / "tile/entries/001"), LogDamaged, "tile/entries/001"),
        (lambda folder: (folder / "tile/entries/001").unlink(), LogDamaged, "tile/entries/001 is missing"),
        (lambda folder: _flip(folder / "checkpoint", 20), LogDamaged, "checkpoint"),
        (_swap_entry, LogForked, "Entry 3 "),
    ],
)
def test_what_was_altered_is_named(
    spoil: Callable[[Path], object], kind: type[LogError], named: str, log_folder: Path
) -> None:
    grow(600, 5)
    spoil(log_folder)
    with pytest.raises(kind, match=named):
        checking.check()


def test_an_act_that_was_altered_is_named(log_folder: Path, as_owner: Any) -> None:
    grow(3)
    with connection.cursor() as cursor:  # somebody who may do anything to the database
        cursor.execute("reset role")
        cursor.execute("alter table privacy_act disable trigger privacy_act_stays")
        cursor.execute(
            "update privacy_act set detail = '[]' where id in (select act from privacy_leaf where index = 1)"
        )
        with pytest.raises(LogForked, match="act of entry 1 "):
            checking.check()
