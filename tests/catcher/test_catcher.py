"""The catcher takes any message, shows it without running it, and answers this machine alone."""

import http.client
import json
import os
import re
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from seqlense.kit import clock
from seqlense.mailing.relay import Relay
from seqlense.mailing.sender import Envelope, hand_over
from seqlense.project.catcher import Catcher
from seqlense.project.catcher.catching import free_port


@pytest.fixture
def catcher() -> Iterator[Catcher]:
    with Catcher(http_port=0) as running:
        yield running


def _send(port: int, *, subject: str = "Bonjour", html: str = "<p>é</p>") -> None:
    message = EmailMessage()
    message["Subject"] = subject
    message["To"] = "alice@example.org"
    message.set_content("Lisez https://example.org/?a=1&b=2 <vite>")
    message.add_alternative(html, subtype="html")
    envelope = Envelope(sender="no-reply@example.org", recipient="alice@example.org")
    assert hand_over(Relay.parse(f"smtp://127.0.0.1:{port}"), envelope, message) is None


def _ask(
    port: int, path: str, *, method: str = "GET", host: str = "localhost", origin: str = ""
) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Host": f"{host}:{port}"} | ({"Origin": origin} if origin else {})
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, answer.headers["Content-Security-Policy"] or "", body


def test_a_message_is_listed_read_and_forgotten(catcher: Catcher) -> None:
    _send(catcher.smtp_port, subject="Été <b>")
    assert catcher.mailbox.wait(1, seconds=5)

    assert "Été &lt;b&gt;" in _ask(catcher.http_port, "/")[2]
    page = _ask(catcher.http_port, "/messages/1")[2]
    assert '<a href="https://example.org/?a=1&amp;b=2">' in page
    assert "&lt;vite&gt;" in page
    (listed,) = json.loads(_ask(catcher.http_port, "/messages.json")[2])
    assert (listed["subject"], listed["to"]) == ("Été <b>", ["alice@example.org"])

    assert _ask(catcher.http_port, "/clear", method="POST", origin="http://elsewhere.example")[0] == 404
    assert _ask(catcher.http_port, "/clear", method="POST")[0] == 303
    assert _ask(catcher.http_port, "/messages/1")[0] == 404


def test_a_message_runs_nothing_and_fetches_nothing(catcher: Catcher) -> None:
    _send(catcher.smtp_port, html="<html><head></head><body><script>alert(1)</script></body></html>")

    status, policy, body = _ask(catcher.http_port, "/messages/1/html")

    assert status == 200
    assert policy.startswith("sandbox allow-popups ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert '<base target="_blank">' in body


def test_another_host_name_is_refused(catcher: Catcher) -> None:
    _send(catcher.smtp_port)
    assert _ask(catcher.http_port, "/", host="rebound.example")[0] == 421
    assert _ask(catcher.http_port, "/", host="127.0.0.1")[0] == 200


def test_only_the_latest_messages_are_kept() -> None:
    with Catcher() as catcher:
        for number in range(501):
            content = f"Subject: n{number}\r\n\r\nBonjour\r\n".encode()
            catcher.mailbox.add(sender="a@example.org", recipients=(), content=content, now=clock.now())
        with smtplib.SMTP("127.0.0.1", catcher.smtp_port) as client:
            client.sendmail("a@example.org", "b@example.org", "Subject: n501\r\n\r\nBonjour\r\n")
        kept = [caught.subject for caught in catcher.mailbox.newest_first()]
    assert (len(kept), kept[0], kept[-1]) == (500, "n501", "n2")


def test_it_runs_by_itself_until_told_to_stop() -> None:
    ports = ["--smtp-port", str(free_port()), "--http-port", str(free_port())]
    command = [sys.executable, "-m", "seqlense.project.catcher", *ports]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert re.match(
            r"Mail is caught on port \d+; read it at http://localhost:\d+/", process.stdout.readline()
        )
        second = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
    assert second.returncode == 3
    assert "taken" in second.stderr
    assert "Traceback" not in second.stderr
