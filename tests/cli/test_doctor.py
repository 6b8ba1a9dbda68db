"""`seqlense doctor`: a sound installation, then one thing wrong at a time."""

import json
import subprocess
import sys
import threading
from datetime import timedelta
from email.message import Message as Headers
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.mailing.models import DeadLetter
from seqlense.mailing.relay import Relay
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.alarms import Alarm, gathering
from seqlense.privacy.models import RetentionRun
from seqlense.project.catcher.catching import free_port
from seqlense.project.cli.doctor import pages
from tests.cli.conftest import Command
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db
GOOD = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "Set-Cookie": "__Host-csrf=1; HttpOnly; Path=/; SameSite=Strict; Secure",
}


def look(command: Command, *arguments: str) -> tuple[int, dict[str, str]]:
    said = command("doctor", "--json", *arguments)
    return said.code, {one["code"]: one["state"] for one in said.document["findings"]}


def as_owner(statement: str) -> None:
    """Alter a table as only its owner can, until the test's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")
        cursor.execute(statement)
        cursor.execute("SET LOCAL ROLE seqlense_app")


def test_a_sound_installation_lacks_only_its_worker(command: Command, postbox: Postbox) -> None:
    code, found = look(command)
    assert {name: state for name, state in found.items() if state in ("fault", "away")} == {
        "worker.alive": "fault"
    }
    assert code == 1
    assert {
        "database.role",
        "database.walls",
        "database.proofs",
        "keystore.installation",
        "mail.relay",
    } <= set(found)
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [now])
    assert look(command)[0] == 0
    assert "All is well." in command("doctor").out
    assert look(command, "--strict")[0] == 1  # tests run without the guard on outgoing connections


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("ALTER TABLE organisations_membership NO FORCE ROW LEVEL SECURITY", "database.walls"),
        ("ALTER TABLE privacy_act DISABLE TRIGGER privacy_act_stays", "database.proofs"),
        ("ALTER TABLE privacy_act DISABLE TRIGGER privacy_act_leaf", "database.proofs"),
        ("DROP TRIGGER privacy_leaf_keeps ON privacy_leaf", "database.proofs"),
        ("DELETE FROM django_migrations WHERE app = 'mailing'", "database.tables.default"),
    ],
)
def test_a_weakened_database_is_seen(command: Command, postbox: Postbox, statement: str, code: str) -> None:
    as_owner(statement)
    assert look(command)[1][code] == "fault"


def test_a_role_that_row_security_doesn_t_bind_is_seen(command: Command, postbox: Postbox) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE seqlense_maintenance")
    assert look(command)[1]["database.role"] == "fault"


def test_mail_that_can_t_go_or_hasn_t_gone(command: Command, settings: LazySettings) -> None:
    settings.SEQLENSE_RELAY = Relay.parse(f"smtp://127.0.0.1:{free_port()}")
    DeadLetter.objects.create(
        message=uuid7(), template="accounts.verify", code="mailing.expired", attempts=3, at=clock.now()
    )
    code, found = look(command)
    assert code == 3
    assert (found["mail.relay"], found["mail.dead"]) == ("away", "warning")


def test_a_missing_epoch_key_is_named(command: Command, settings: LazySettings, tmp_path: Path) -> None:
    look(command)  # makes this installation, if this is the first test
    settings.SEQLENSE_EPOCH_KEYS = tmp_path
    assert look(command)[1]["keystore.epoch-key-missing"] == "away"


def test_a_clock_moved_back_and_a_sweep_that_failed(command: Command, postbox: Postbox) -> None:
    now = clock.now()
    acts.record("tests.later", actor=Actor.system("tests"), now=now + timedelta(hours=2))
    RetentionRun.objects.create(
        started_at=now - timedelta(hours=1),
        status=RetentionRun.Status.FAILED,
        code="disk",
        register_version="x",
    )
    _, found = look(command)
    assert (found["clock.moved_back"], found["worker.sweep"]) == ("fault", "fault")


def test_a_home_that_isn_t_there(command: Command, settings: LazySettings, tmp_path: Path) -> None:
    settings.SEQLENSE_HOME = tmp_path / "nowhere"
    said = command("doctor")
    assert f"{tmp_path / 'nowhere'} can't be written to" in said.out


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        (None, "", None),
        ("X-Content-Type-Options", "", "pages.headers"),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'", "pages.policy"),
        ("Strict-Transport-Security", "", "pages.hsts"),
        ("Set-Cookie", "session=1; Path=/", "pages.cookies"),
        ("X-Powered-By", "PHP", "pages.headers"),
    ],
)
def test_what_browsers_are_told_is_judged(name: str | None, value: str, code: str | None) -> None:
    headers = Headers()
    for header, usual in {**GOOD, **({name: value} if name else {})}.items():
        if header != name or value:
            headers[header] = value if header == name else usual
    assert [finding.code for finding in pages.judge(headers, secure=True)] == ([code] if code else [])


def test_the_first_page_is_asked_for_its_headers(settings: LazySettings) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in GOOD.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    settings.SEQLENSE_PUBLIC_URL = f"http://127.0.0.1:{server.server_port}"
    assert [finding.state for finding in pages.examine(clock.now())] == ["fine"]
    thread.join(5)
    server.server_close()
    assert [finding.state for finding in pages.examine(clock.now())] == ["away"]


def test_without_a_database_the_rest_is_still_examined(child_environment: dict[str, str]) -> None:
    environment = {**child_environment, "DATABASE_URL": "postgresql://seqlense@127.0.0.1:1/x", "LANG": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "seqlense.project.cli", "doctor", "--json"],
        env={name: value for name, value in environment.items() if not name.startswith("LC_")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    codes = [one["code"] for one in json.loads(done.stdout)["findings"]]
    assert codes.count("database.away") == 1
    assert "storage.writable" in codes
    assert "Traceback" not in done.stderr


def test_alarms_that_last_are_findings_in_words(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert look(command)[1]["alarms.none"] == "fine"
    lasting = Alarm("backups.late", clock.now() - timedelta(days=3), "data")
    monkeypatch.setitem(gathering.parts(), "backups", lambda _now: [lasting])
    assert look(command)[1]["backups.late"] == "fault"
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    said = command("doctor").out
    assert "Il n’y a pas de sauvegarde récente. (data)" in said
    assert "Vérifiez qu’un exécutant tourne" in said
