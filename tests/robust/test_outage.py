"""The database goes away, at start and during work: people are told so, and everything goes on by itself."""

import time
from collections.abc import Callable

import psycopg

from seqlense.project.processes import Child
from tests.robust.conftest import Answer, Installation, Pages

VISITOR = {"Cookie": "session=abcdefghabcdefghabcdefghabcdefgh"}
WORDS = {"fr": "Momentanément hors d’atteinte", "en": "Out of reach for a moment"}


def _until(found: Callable[[], bool], seconds: float = 40) -> None:
    limit = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < limit
        time.sleep(0.1)


def _told(pages: Pages, language: str) -> None:
    answer: Answer = pages.get(f"/{language}/home/", headers=VISITOR)
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert f'<html lang="{language}">' in answer.text
    assert WORDS[language] in answer.text
    assert pages.get(f"/{language}/").status == 200, "what asks nothing of the database is there"
    assert pages.get(f"/{language}/privacy/").status == 200


def _works(pages: Pages) -> None:
    answer = pages.get("/fr/home/", headers=VISITOR)
    assert (answer.status, answer.headers["location"]) == (302, "/fr/sign-in/?next=/fr/home/")


def _asked(installation: Installation, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(
        host=str(installation.cluster.socket), user="seqlense", dbname="seqlense", autocommit=True
    ) as owner:
        return owner.execute(question.encode()).fetchall()


def _takes_tasks(installation: Installation, worker: Child) -> None:
    """A task deferred now is done."""
    assert worker.ended() is None, worker.log.read_text(encoding="utf-8")
    defer = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        "VALUES ('privacy', 'privacy.destroy_keys', '{}') RETURNING id"
    )
    [(job,)] = _asked(installation, defer)
    _until(lambda: not _asked(installation, f"SELECT 1 FROM procrastinate_jobs WHERE id = {job}"))


def test_pages_and_worker_wait_and_go_on(installation: Installation) -> None:
    installation.stop_database()
    try:
        with installation.worker() as worker, installation.pages() as pages:
            _told(pages, "en")
            installation.start_database()
            _works(pages)
            _takes_tasks(installation, worker)
            installation.stop_database()
            _told(pages, "fr")
            installation.start_database()
            _works(pages)
            _takes_tasks(installation, worker)
            journals = [one.log.read_text(encoding="utf-8") for one in (pages.child, worker)]
    finally:
        if installation.server is None:
            installation.start_database()
    for journal in journals:
        assert "The database doesn't answer" in journal
        assert "Traceback" not in journal
        assert "abcdefgh" not in journal


def test_what_a_killed_worker_had_begun_is_begun_again(installation: Installation) -> None:
    """A sweep's lock would otherwise keep out the sweep of every later night."""
    begun = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, lock, attempts) VALUES "
        "('privacy', 'privacy.sweep', '{\"timestamp\": 1}', 'doing', 'privacy.sweep', ATTEMPTS) RETURNING id"
    )
    [(once,)] = _asked(installation, begun.replace("ATTEMPTS", "1"))
    script = "import django; django.setup(); from seqlense.project import tasks; tasks.resume(timestamp=1)"
    done = installation.python(script)
    assert done.returncode == 0, done.stderr
    assert _asked(installation, f"SELECT status FROM procrastinate_jobs WHERE id = {once}") == [("todo",)]
    _asked(installation, f"DELETE FROM procrastinate_jobs WHERE id = {once} RETURNING 1")
    [(often,)] = _asked(installation, begun.replace("ATTEMPTS", "3"))
    assert installation.python(script).returncode == 0
    assert _asked(installation, f"SELECT 1 FROM procrastinate_jobs WHERE id = {often}") == []
