"""What is committed gets its place in the log, once, whatever dies in between; and nothing else does."""

import json
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import aics_tlog
import pytest
from django.db import DatabaseError, connection, connections, transaction

from seqlense.privacy import acts, erasure, holds, log, requests, running, subjects, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import replaying as consents
from seqlense.privacy.log import journal, note, place, sealing, tiles
from seqlense.privacy.log.errors import (
    LogAhead,
    LogBehind,
    LogDamaged,
    LogForked,
    LogFull,
    LogKeyDamaged,
    LogKeyMissing,
    LogMissing,
)
from seqlense.privacy.log.leaves import Leaf, LogHead
from seqlense.privacy.models import Act

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SYSTEM = Actor.system("tests")
pytestmark = pytest.mark.django_db(transaction=True)


def act(number: int = 0, *, at: datetime = NOW) -> UUID:
    return acts.record("tests.done", actor=SYSTEM, now=at, number=number).pk


def seal() -> log.Sealed:
    return log.seal(now=NOW)


def audited(folder: Path) -> int:
    """The size of the log, every tile and entry of which a second implementation has found right."""
    head = note.opened((folder / "checkpoint").read_bytes(), place.verifier())
    aics_tlog.audit_tiles(aics_tlog.FileSystemTileReader(folder), head.size, head.root)
    return head.size


def test_every_act_becomes_an_entry(log_folder: Path) -> None:
    person = subjects.create(now=NOW)
    mine = [act(number) for number in range(3)]
    mine.append(acts.record("tests.read", actor=Actor.staff(person), now=NOW, subject=person).pk)
    assert log.state(now=NOW).unsealed == 4
    assert seal() == log.Sealed(4, 4)
    assert seal() == log.Sealed(0, 4)
    assert audited(log_folder) == log.head().size == 4
    assert [one.act for one in Leaf.objects.order_by("index")] == mine
    entries = list(tiles.Tiles(log_folder).entries(0, 4, 4))
    assert entries == [bytes(one.digest) for one in Leaf.objects.order_by("index")]
    assert log.state(now=NOW).problems == ()
    assert stat.S_IMODE(place.key_file().stat().st_mode) == 0o600


def test_a_leaf_committed_late_comes_later(log_folder: Path) -> None:
    begun, commit = Event(), Event()

    def late() -> None:
        with transaction.atomic():
            act(1)
            begun.set()
            commit.wait(10)
        connections.close_all()

    thread = Thread(target=late)
    thread.start()
    begun.wait(10)
    second = act(2)
    assert seal().entries == 1
    commit.set()
    thread.join()
    assert seal().entries == 1
    assert audited(log_folder) == 2
    placed = list(Leaf.objects.order_by("index"))
    assert placed[0].act == second
    assert placed[0].pk > placed[1].pk


@pytest.mark.parametrize("step", ["append", "journal", "publish", "_cover", "tidy"])
def test_what_dies_at_any_step_is_healed(
    step: str, log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = subjects.create(now=NOW)
    act(0)
    seal()
    _ask(person)
    for number in range(300):
        act(number)
    target: Any = {"journal": journal, "_cover": sealing}.get(step, tiles.Tiles)
    name = "append" if step == "journal" else step
    real: Callable[..., Any] = getattr(target, name)
    for after in (False, True):

        def killed(*arguments: Any, after: bool = after, **options: Any) -> Any:
            if after:
                real(*arguments, **options)
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(target, name, killed)
            with pytest.raises(KeyboardInterrupt):
                seal()
        act(1_000 + after)
    seal()
    assert audited(log_folder) == 304
    assert [one.index for one in Leaf.objects.order_by("index")] == list(range(304))
    assert not Leaf.objects.filter(sealed_at=None).exists()
    assert [one["kind"] for one in journal.since(0)] == ["privacy.request_received"]
    assert log.state(now=NOW).problems == ()


def _ask(person: UUID) -> None:
    from seqlense.privacy.records import RightsRequest

    requests.receive(person, RightsRequest.Kind.ACCESS, actor=Actor.person(person), now=NOW)


def test_one_process_seals_at_a_time(log_folder: Path) -> None:
    act()
    found: list[log.Sealed] = []

    def other() -> None:
        found.append(seal())
        connections.close_all()

    with sealing.alone():
        thread = Thread(target=other)
        thread.start()
        thread.join()
    assert found == [log.Sealed(0, 0, busy=True)]
    assert seal().entries == 1


def test_a_log_that_is_gone_is_never_begun_anew(log_folder: Path) -> None:
    act()
    seal()
    shutil.rmtree(log_folder)
    act()
    with pytest.raises(LogMissing, match="seqlense log rebuild"):
        seal()
    assert not log_folder.exists()
    assert log.state(now=NOW).problems == ("log-missing",)
    assert [one.code for one in log.alarms(NOW)] == ["log.missing"]


def test_an_older_copy_of_the_files_is_refused(log_folder: Path, tmp_path: Path) -> None:
    act()
    seal()
    shutil.copytree(log_folder, tmp_path / "older")
    act()
    seal()
    shutil.rmtree(log_folder)
    shutil.copytree(tmp_path / "older", log_folder)
    with pytest.raises(LogBehind):
        seal()
    assert log.state(now=NOW).problems == ("log-behind",)


def test_an_older_copy_of_the_database_is_noticed_and_taken_on(log_folder: Path, as_owner: Any) -> None:
    """Three leaves were in the backup, the first of them sealed; two more came after it."""
    for number in range(3):
        act(number)
        if number == 0:
            seal()
    with connection.cursor() as cursor:
        cursor.execute("select id, act, digest from privacy_leaf order by id")
        backed_up = cursor.fetchall()
    head = LogHead.objects.get()
    for number in range(2):
        act(10 + number)
    seal()
    assert log.ahead() == 0

    as_owner.execute("truncate privacy_leaf, privacy_loghead")  # as a restored backup leaves the tables
    for identifier, one, digest in backed_up:
        index = 0 if one == backed_up[0][1] else None
        as_owner.execute(
            "insert into privacy_leaf (id, act, digest, index, sealed_at) values (%s, %s, %s, %s, %s)",
            [identifier, one, digest, index, NOW if index == 0 else None],
        )
    LogHead.objects.create(size=1, root=head.root, note=head.note, at=NOW)

    assert log.ahead() == 2
    entries = log_folder / "tile" / "entries"
    entries.rename(log_folder / "elsewhere")
    assert log.ahead() == 2, "an older copy is known as one beside damaged files too"
    (log_folder / "elsewhere").rename(entries)
    key = place.key_file()
    key.rename(f"{key}.away")
    assert log.ahead() == 2, "and as one beside a key that is missing"
    key.with_name(f"{key.name}.away").rename(key)
    act(20)
    with pytest.raises(LogAhead) as refused:
        seal()
    assert refused.value.entries == 2
    assert log.state(now=NOW).problems == ("log-ahead",)
    assert log.adopt(now=NOW) == 2
    assert log.ahead() == 0
    assert seal() == log.Sealed(1, 6)
    assert audited(log_folder) == 6
    assert [one.act is None for one in Leaf.objects.order_by("index")] == [False] * 3 + [True] * 2 + [False]


def test_files_of_another_log_are_refused(log_folder: Path, tmp_path: Path) -> None:
    act()
    seal()
    other = tiles.Tiles(tmp_path / "other")
    root = other.append(0, [b"\x01" * 32])
    other.publish(place.signer().note(note.Checkpoint("log.example/log", 1, root).text).encode())
    shutil.rmtree(log_folder)
    shutil.copytree(tmp_path / "other", log_folder)
    place.files().forget()
    with pytest.raises(LogForked):
        seal()
    other.publish(note.Signer.new("log.example/log").note(note.Checkpoint("x", 1, root).text).encode())
    shutil.copy(tmp_path / "other" / "checkpoint", log_folder / "checkpoint")
    with pytest.raises(LogDamaged, match="No known key"):
        seal()


def test_a_damaged_tile_stops_the_log(log_folder: Path) -> None:
    act()
    act()
    seal()
    tile = log_folder / "tile/0/000.p/2"
    *first, last = tile.read_bytes()
    tile.write_bytes(bytes([*first, last ^ 1]))
    act()
    with pytest.raises(LogDamaged):
        seal()
    assert log.state(now=NOW).problems == ("log-damaged",)
    tile.unlink()
    with pytest.raises(LogDamaged, match="missing"):
        seal()


def test_a_full_disk_loses_nothing(log_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    act()
    seal()
    act()

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", refuse)
        with pytest.raises(LogFull):
            seal()
    act()
    assert seal() == log.Sealed(2, 3)
    assert audited(log_folder) == 3


def test_the_key_is_kept_and_never_made_twice(log_folder: Path) -> None:
    act()
    seal()
    kept = place.key_file().read_text()
    place.key_file().chmod(0o644)
    act()
    with pytest.raises(LogKeyDamaged, match="chmod 600"):
        seal()
    place.key_file().chmod(0o600)
    place.key_file().write_text(kept[:-20])
    with pytest.raises(LogKeyDamaged) as refused:
        seal()
    assert kept[-60:-20] not in str(refused.value)
    place.key_file().unlink()
    with pytest.raises(LogKeyMissing):
        seal()
    place.key_file().write_text(kept)
    place.key_file().chmod(0o600)
    assert seal().size == 2


def test_a_clock_moved_back_changes_no_order(log_folder: Path) -> None:
    act(0)
    seal()
    earlier = NOW - timedelta(days=400)
    act(1, at=earlier)
    assert log.seal(now=earlier) == log.Sealed(1, 2)
    assert log.head().at == NOW
    assert audited(log_folder) == 2
    assert log.state(now=earlier).problems == ("log-clock-back",)
    assert log.state(now=NOW).problems == ()


def test_leaves_are_never_changed() -> None:
    act()
    seal()
    for statement in (
        "delete from privacy_leaf",
        "update privacy_leaf set digest = ''",
        "update privacy_leaf set index = 7",
        "update privacy_leaf set sealed_at = null",
        "update privacy_leaf set act = gen_random_uuid()",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_failed_act_leaves_no_leaf() -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
    assert not Leaf.objects.exists()


def test_the_journal_tells_what_a_restored_backup_must_hear(log_folder: Path) -> None:
    person, other = subjects.create(now=NOW), subjects.create(now=NOW)
    _ask(other)
    act()
    erasure.erase(person, actor=Actor.person(person), now=NOW + timedelta(hours=1))
    seal()
    asked, erased = journal.since(0)
    assert (asked["index"], asked["kind"], asked["subject"]) == (0, "privacy.request_received", str(other))
    assert (erased["index"], erased["subject"]) == (2, str(person))
    assert erased["detail"].keys() >= {"request", "kept", "items"}
    assert datetime.fromisoformat(erased["at"]) == NOW + timedelta(hours=1)
    assert [one["index"] for one in journal.since(1)] == [2]
    file = log_folder / "journal.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    assert journal.begins() == 0
    assert log.forget_old(before=NOW + timedelta(minutes=30)) == 1
    assert log.forget_old(before=NOW + timedelta(minutes=30)) == 0
    assert list(journal.since(0)) == [erased]
    assert journal.begins() == 1
    with file.open("a") as cut:
        cut.write('{"index": 3, "at"')
    assert list(journal.since(0)) == [erased]
    _ask(other)
    seal()
    assert [one["index"] for one in journal.since(0)] == [2, 3]
    assert log.forget_old(before=NOW + timedelta(days=9)) == 2
    assert (list(journal.since(0)), journal.begins()) == ([], 4)
    _ask(other)
    seal()
    assert [one["index"] for one in journal.since(0)] == [4]
    file.write_text(file.read_text().replace("index", "entry"))
    with pytest.raises(LogDamaged):
        list(journal.since(0))


def test_a_version_of_the_register_that_begins_to_run_is_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_enlisted", set())
    for _ in range(2):
        act()
    begun = Act.objects.get(kind="privacy.register_started")
    assert begun.detail == {"version": running.register().version}
    assert seal().size == 3
    assert json.loads(log.proof_of(begun.pk).content)["detail"] == begun.detail


def test_the_journal_holds_all_that_can_be_replayed() -> None:
    replayed = {*erasure.REPLAYED, *requests.REPLAYED, *holds.REPLAYED, *switches.REPLAYED}
    replayed |= {*consents.REPLAYED}
    assert replayed == journal.REPLAYED


def test_whoever_seals_meanwhile_looks_like_no_older_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Published, and not yet covered in the database; or covered between the two looks."""
    act()
    seal()
    act()
    seen: list[int] = []
    covered, read = sealing._cover, sealing.published_head

    def cover(*given: Any, **named: Any) -> None:
        seen.append(log.ahead())
        covered(*given, **named)

    monkeypatch.setattr(sealing, "_cover", cover)
    seal()
    assert seen == [0]

    def head_then_sealing() -> note.Checkpoint | None:
        found = read()
        monkeypatch.setattr(sealing, "published_head", read)
        act()
        seal()
        return found

    monkeypatch.setattr(sealing, "published_head", head_then_sealing)
    assert log.ahead() == 0


def test_a_project_without_a_log_goes_on(settings: Any) -> None:
    settings.SEQLENSE_LOG = None
    act()
    assert seal() == log.Sealed(0, 0)
    assert log.ahead() == 0
    assert list(log.alarms(NOW + timedelta(days=1))) == []
    assert log.state(now=NOW).unsealed == 1
