"""Files of requests: sealed on the disk, in the person's copy, gone with them on the disk and in backups."""

import io
import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from seqlense.documents import keeping, orphans, shelf
from seqlense.documents.errors import Missing, NoRoom, Unreadable
from seqlense.kit.periods import Period
from seqlense.privacy import access, erasure, holds, retention
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Hold
from seqlense.support import speaking
from seqlense.support.models import Attachment, Request
from tests import cast
from tests.documents.received import received
from tests.documents.samples import PDF, png
from tests.support import asked
from tests.support.asked import LATER, NOW

NOTE = b"Zwetschgenknoedel 4711\n" * 9000


@pytest.fixture(autouse=True)
def place(settings: LazySettings, tmp_path: Path) -> Path:
    settings.SEQLENSE_DOCUMENTS = tmp_path / "documents"
    return tmp_path / "documents"


def on_disk(place: Path) -> list[Path]:
    return [one for one in place.rglob("*") if one.is_file()]


def with_files() -> Request:
    files = (received("note.txt", NOTE), received("plan.pdf", PDF))
    made = asked.confirmed(files=files)
    for one in files:
        one.drop()
    return made


@pytest.mark.django_db
def test_they_come_back_as_they_were_and_lie_sealed(place: Path) -> None:
    made = with_files()
    note, plan = Attachment.objects.filter(request=made)
    assert (note.name, note.kind, note.size) == ("note.txt", "text/plain", len(NOTE))
    assert b"".join(keeping.pieces(keeping.opened(note))) == NOTE
    assert keeping.opened(plan).read() == PDF
    files = on_disk(place)
    assert {one.name for one in files} == {f"{note.pk.hex}.sealed", f"{plan.pk.hex}.sealed"}
    assert all(b"Zwetschgen" not in one.read_bytes() and one.stat().st_mode & 0o077 == 0 for one in files)
    with connection.cursor() as cursor:
        cursor.execute("select name, kind from support_attachment")
        assert all(b"note" not in bytes(cell) for row in cursor.fetchall() for cell in row)


@pytest.mark.django_db
def test_one_files_content_cant_stand_for_anothers(place: Path) -> None:
    made = with_files()
    note, plan = Attachment.objects.filter(request=made)
    shelf.path_of(plan.pk).write_bytes(shelf.path_of(note.pk).read_bytes())
    with pytest.raises(Unreadable):
        keeping.opened(plan)
    shelf.path_of(plan.pk).unlink()
    with pytest.raises(Missing):
        keeping.opened(plan)
    assert not keeping.is_there(plan)
    assert keeping.is_there(note)


@pytest.mark.django_db
def test_the_copy_holds_the_files_and_names_those_that_are_lost(place: Path) -> None:
    made = with_files()
    note, plan = Attachment.objects.filter(request=made)
    shelf.remove(plan.pk)
    packed = access.package(made.subject_id, actor=Actor.person(made.subject_id), now=LATER)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        path = f"files/support/{note.pk}/note.txt"
        assert archive.read(path) == NOTE
        manifest = json.loads(archive.read("manifest.json"))
        assert path in {one["path"] for one in manifest["files"]}
        [lost] = manifest["unreadable"]
        assert (lost["row"], lost["code"]) == (str(plan.pk), "documents.missing")


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_whoever_is_erased_has_no_file_left_and_none_readable_in_a_backup(
    place: Path, tmp_path: Path
) -> None:
    made, other = (
        with_files(),
        asked.confirmed(address="kim@ailleurs.example", files=(received("a.png", png()),)),
    )
    note = Attachment.objects.filter(request=made)[0]
    backup = {one.name: one.read_bytes() for one in on_disk(place)}
    erasure.erase(made.subject_id, actor=Actor.person(made.subject_id), now=LATER)
    [kept] = Attachment.objects.all()
    assert kept.request_id == other.pk
    assert [one.name for one in on_disk(place) if one.parent.name != shelf.ARRIVING] == [
        f"{kept.pk.hex}.sealed"
    ]
    shelf.path_of(note.pk).parent.mkdir(exist_ok=True)
    shelf.path_of(note.pk).write_bytes(backup[f"{note.pk.hex}.sealed"])
    with pytest.raises(Unreadable):
        keeping.opened(note)
    assert keeping.opened(kept).read() == png()


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_what_a_hold_keeps_keeps_its_file(place: Path) -> None:
    made = with_files()
    officer = Actor.staff(cast.odile().subject_id)
    holds.place(made.subject_id, reason=Hold.Reason.CLAIM, actor=officer, now=LATER)
    before = {one.name for one in on_disk(place)}
    erasure.erase(made.subject_id, actor=officer, now=LATER)
    assert not Attachment.objects.exists()
    assert {one.name for one in on_disk(place)} == before
    orphans.sweep(now=LATER + timedelta(days=400))
    assert {one.name for one in on_disk(place)} == before


@pytest.mark.django_db
def test_the_sweep_of_retention_takes_the_files_along(place: Path) -> None:
    made = with_files()
    speaking.close(made.pk, actor=Actor.person(made.subject_id), now=NOW)
    end = Period.parse("P1Y").add_to(NOW)
    for one in on_disk(place):
        os.utime(one, (NOW.timestamp(), NOW.timestamp()))
    retention.run(now=end - timedelta(seconds=1), actor=Actor.system("test"))
    assert len(on_disk(place)) == 2
    retention.run(now=end, actor=Actor.system("test"))
    assert on_disk(place) == []


@pytest.mark.django_db
def test_a_file_whose_row_never_came_is_swept_after_an_hour(place: Path) -> None:
    with transaction.atomic():
        with_files()
        transaction.set_rollback(True)
    assert len(on_disk(place)) == 2
    for one in on_disk(place):
        os.utime(one, (NOW.timestamp(), NOW.timestamp()))
    assert orphans.sweep(now=NOW + timedelta(minutes=50)) == 0
    assert orphans.sweep(now=NOW + timedelta(minutes=61)) == 2
    assert on_disk(place) == []


@pytest.mark.django_db
def test_a_full_disk_keeps_nothing_and_says_so(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = received("plan.pdf", PDF)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom), transaction.atomic():
        asked.by_stranger(files=(file,))
    file.drop()
    assert not Request.objects.exists()
    assert on_disk(place) == []


@pytest.mark.django_db
def test_removing_one_takes_row_and_file(place: Path, django_capture_on_commit_callbacks: object) -> None:
    made = with_files()
    note = Attachment.objects.filter(request=made)[0]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's
        keeping.remove(note)
    assert len(on_disk(place)) == 1
