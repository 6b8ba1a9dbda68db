"""A mail server for trying things out: takes every message, delivers none, and shows them on a page.

Messages live in this process's memory alone and go with it.

    python -m seqlense.project.mailcatcher --smtp-port 1025 --port 8025
"""

import argparse
import json
import re
import sys
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 500
LINK = re.compile(r"https?://[^\s<>\"]+")
POLICY = (
    "default-src 'none'; style-src 'sha256-{digest}'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
WORDS = {
    "fr": {
        "title": "Messages interceptés",
        "none": "Aucun message pour l'instant.",
        "back": "Tous les messages",
    },
    "en": {"title": "Caught messages", "none": "No message yet.", "back": "All messages"},
}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}"
    ":root{color-scheme:light dark}"
    "li{margin:.5rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}"
    "iframe{width:100%;height:32rem;border:1px solid #888;border-radius:.5rem;background:#fff}"
)


@dataclass(frozen=True, kw_only=True)
class Caught:
    """One message as it arrived."""

    number: int
    to: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    def part(self, kind: str) -> str:
        """The text ("plain") or the HTML ("html") of the message."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if isinstance(part, EmailMessage) else ""

    def as_json(self) -> dict[str, object]:
        text = self.part("plain")
        return {
            "number": self.number,
            "to": self.to,
            "subject": self.subject,
            "text": text,
            "html": self.part("html"),
            "links": LINK.findall(text),
            "headers": {name: str(value) for name, value in self.message.items()},
        }


class Box:
    """The last messages, newest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._messages: deque[Caught] = deque(maxlen=KEPT)
        self._number = 0

    def put(self, recipients: list[str], content: bytes) -> None:
        message = message_from_bytes(content, policy=policy.default)
        with self._lock:
            self._number += 1
            self._messages.appendleft(Caught(number=self._number, to=", ".join(recipients), message=message))

    def all(self) -> list[Caught]:
        with self._lock:
            return list(self._messages)

    def get(self, number: int) -> Caught | None:
        return next((caught for caught in self.all() if caught.number == number), None)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        self.put(envelope.rcpt_tos, content.encode() if isinstance(content, str) else content)
        return "250 Message accepted for delivery"


class Page(BaseHTTPRequestHandler):
    """The list at /, a message at /N, its HTML at /N/html, everything at /messages.json."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        words = WORDS["en" if self.headers.get("Accept-Language", "").lower().startswith("en") else "fr"]
        if self.path == "/":
            self._page(words["title"], _list(self.server.box.all(), words))
        elif self.path == "/messages.json":
            messages = [caught.as_json() for caught in self.server.box.all()]
            self._answer(json.dumps(messages).encode(), "application/json")
        elif (found := self._found()) is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif self.path.endswith("/html"):
            self._answer(
                found.part("html").encode(), "text/html; charset=utf-8", "sandbox; default-src 'none'"
            )
        else:
            self._page(found.subject, _message(found, words))

    def _found(self) -> Caught | None:
        match = re.fullmatch(r"/(\d{1,9})(/html)?", self.path)
        return self.server.box.get(int(match[1])) if match else None

    def _page(self, title: str, body: str) -> None:
        text = (
            f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
            f"<body><h1>{escape(title)}</h1>{body}</body></html>"
        )
        self._answer(text.encode(), "text/html; charset=utf-8", POLICY.format(digest=_digest(STYLE)))

    def _answer(self, content: bytes, kind: str, content_policy: str = "default-src 'none'") -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", content_policy)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the standard library's name)
        """Nothing: a journal of who was written to is what we don't want."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, box: Box) -> None:
        super().__init__(("127.0.0.1", port), Page)
        self.box = box


def _digest(text: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    return b64encode(sha256(text.encode()).digest()).decode()


def _list(messages: list[Caught], words: dict[str, str]) -> str:
    if not messages:
        return f"<p>{words['none']}</p>"
    items = (
        f'<li><a href="/{caught.number}">{escape(caught.subject)}</a> — {escape(caught.to)}</li>'
        for caught in messages
    )
    return f"<ul>{''.join(items)}</ul>"


def _message(caught: Caught, words: dict[str, str]) -> str:
    text = LINK.sub(
        lambda match: f'<a href="{match[0]}">{match[0]}</a>', escape(caught.part("plain"), quote=False)
    )
    frame = f'<iframe src="/{caught.number}/html" title="HTML"></iframe>' if caught.part("html") else ""
    return f'<p><a href="/">{words["back"]}</a></p><p>{escape(caught.to)}</p><pre>{text}</pre>{frame}'


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="mailcatcher", description=__doc__)
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--port", type=int, default=8025)
    chosen = parser.parse_args(arguments)
    box = Box()
    smtp = Controller(box, hostname="127.0.0.1", port=chosen.smtp_port)
    smtp.start()  # type: ignore[no-untyped-call]
    try:
        Server(chosen.port, box).serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        smtp.stop()  # type: ignore[no-untyped-call]
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
