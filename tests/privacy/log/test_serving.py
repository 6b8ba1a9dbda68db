"""What the world gets of the log: a log that a stranger's reader takes for one, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import aics_tlog
import pytest
from django.test import Client

from seqlense.privacy import acts, log, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.log import note

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Reader:
    """A reader of tiles over HTTP, for the second implementation."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def read_tile(self, level: int, index: int, width: int | None) -> bytes | None:
        return self._read(aics_tlog.tiles.tile_path(level, index, width))

    def read_entry_bundle(self, index: int, width: int | None) -> bytes | None:
        return self._read(aics_tlog.tiles.entry_bundle_path(index, width))

    def _read(self, path: str) -> bytes | None:
        answer = self.client.get(f"/log/{path}")
        if answer.status_code == 404:
            return None
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        return answer.content


def test_a_stranger_reads_the_whole_log(client: Client, log_folder: Path) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/key").status_code == 404
    for number in range(260):
        acts.record("tests.done", actor=Actor.system("tests"), now=NOW, number=number)
    person = subjects.create(now=NOW)
    acts.record("privacy.request_received", actor=Actor.person(person), now=NOW, subject=person)
    log.seal(now=NOW)

    signed = client.get("/log/checkpoint")
    assert signed.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "max-age=2" in signed.headers["Cache-Control"]
    verifier = note.Verifier.parse(client.get("/log/key").text)
    head = note.opened(signed.content, verifier)
    assert head.size == 261
    aics_tlog.audit_tiles(Reader(client), head.size, head.root)

    assert (log_folder / "journal.jsonl").exists()
    for secret in (
        "journal.jsonl",
        "tile/../journal.jsonl",
        "tile/%2e%2e/journal.jsonl",
        "tile/0/../../journal.jsonl",
        "tile//journal.jsonl",
        "",
        "tile/",
        "tile/0",
        "tile/0/000.draft",
        "tile/entries/009",
    ):
        answer = client.get(f"/log/{secret}")
        assert answer.status_code in (301, 302, 404), secret
        assert str(person).encode() not in answer.content


def test_nothing_that_is_published_tells_of_anybody(client: Client, log_folder: Path) -> None:
    person = subjects.create(now=NOW)
    act = acts.record("tests.read", actor=Actor.staff(person), now=NOW, subject=person)
    log.seal(now=NOW)
    files = [one for one in log_folder.rglob("*") if one.is_file() and one.name != "journal.jsonl"]
    assert len(files) == 3
    for file in files:
        content = file.read_bytes()
        for known in (person, act.pk):
            assert known.bytes not in content
            assert str(known).encode() not in content
