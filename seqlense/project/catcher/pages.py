"""The page that shows what was caught. Plain HTML by the standard library; nothing in it runs a script."""

import json
import re
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from seqlense.project.catcher.mailbox import Caught, Mailbox

POLICY: Final = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
# A message's own HTML: its style, and links that open outside the frame. No script, no form, nothing fetched.
MESSAGE_POLICY: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'"
)
ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+")
STYLE: Final = """
:root { color-scheme: light dark; --paper: #f6f4ef; --ink: #1b1e26; --line: #d5d0c4; --link: #1d4ed8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181d; --ink: #eceae4; --line: #3a3f4b; --link: #9cc4ff; }
}
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); } h1 { font-size: 1.4rem; } table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
iframe { width: 100%; height: 34rem; border: 1px solid var(--line); background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; } button { font: inherit; padding: .3rem .8rem; }
"""


class Pages(ThreadingHTTPServer):
    """Answers on the loopback interface, and only to requests that name it (no foreign page can rebind)."""

    daemon_threads = True

    def __init__(self, port: int, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        super().__init__(("127.0.0.1", port), Handler)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Pages
    server_version = "catcher"
    sys_version = ""

    def do_GET(self) -> None:
        if not self._is_for_us():
            return
        path = urlsplit(self.path).path
        if path == "/":
            self._answer(_list(self.server.mailbox.newest_first()))
        elif path == "/style.css":
            self._answer(STYLE, kind="text/css")
        elif path == "/messages.json":
            listing = [_as_json(caught) for caught in self.server.mailbox.newest_first()]
            self._answer(json.dumps(listing), kind="application/json")
        elif found := re.fullmatch(r"/messages/(\d{1,9})(/html)?", path):
            self._message(self.server.mailbox.get(int(found[1])), whole=found[2] is None)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        origin = self.headers.get("Origin")
        if not self._is_for_us():
            return
        if urlsplit(self.path).path != "/clear" or (
            origin and urlsplit(origin).netloc != self.headers["Host"]
        ):
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        self.server.mailbox.clear()
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the standard library's name)
        """Nothing is written about who read what."""

    def _message(self, caught: Caught | None, *, whole: bool) -> None:
        if caught is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif whole:
            self._answer(_page_of(caught))
        else:
            html = re.sub(
                r"(?i)<head[^>]*>", lambda head: head[0] + '<base target="_blank">', caught.html, count=1
            )
            self._answer(html, policy=MESSAGE_POLICY)

    def _is_for_us(self) -> bool:
        host = urlsplit(f"//{self.headers.get('Host') or ''}").hostname
        if host in ("127.0.0.1", "localhost"):
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _refuse(self, status: HTTPStatus) -> None:
        self._answer(_frame(status.phrase, f"<p>{status.phrase}.</p>"), status=status)

    def _answer(
        self, body: str, *, kind: str = "text/html", policy: str = POLICY, status: HTTPStatus = HTTPStatus.OK
    ) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


def _as_json(caught: Caught) -> dict[str, object]:
    return {
        "number": caught.number,
        "received_at": caught.received_at.isoformat(),
        "from": caught.sender,
        "to": list(caught.recipients),
        "subject": caught.subject,
        "language": str(caught.message["Content-Language"] or ""),
        "text": caught.text,
        "html": caught.html,
    }


def _frame(title: str, content: str, *, refresh: bool = False) -> str:
    again = '<meta http-equiv="refresh" content="5">' if refresh else ""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{again}<title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css"></head><body><main>{content}</main></body></html>'
    )


def _list(messages: list[Caught]) -> str:
    intro = (
        "<h1>Mail caught on this machine</h1><p>Nothing leaves: every message that Seqlense sends here "
        "ends on this page, and is gone when it stops.</p>"
    )
    if not messages:
        return _frame("Caught mail", f"{intro}<p>No message yet. Sign up, and come back.</p>", refresh=True)
    rows = "".join(
        f'<tr><td><a href="/messages/{caught.number}">{escape(caught.subject) or "(no subject)"}</a></td>'
        f"<td>{escape(', '.join(caught.recipients))}</td>"
        f"<td><time>{caught.received_at:%H:%M:%S} UTC</time></td></tr>"
        for caught in messages
    )
    table = (
        f"<table><thead><tr><th>Subject</th><th>To</th><th>At</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    clear = '<form method="post" action="/clear"><p><button>Forget them all</button></p></form>'
    return _frame("Caught mail", intro + table + clear, refresh=True)


def _page_of(caught: Caught) -> str:
    headers = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in caught.message.items()
    )
    text = _with_links(caught.text)
    html = (
        f'<h2>HTML</h2><iframe title="The message" src="/messages/{caught.number}/html" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        if caught.html
        else ""
    )
    back = '<p><a href="/">All messages</a></p>'
    return _frame(
        caught.subject,
        f"{back}<h1>{escape(caught.subject)}</h1><h2>Text</h2><pre>{text}</pre>{html}<h2>Headers</h2><dl>{headers}</dl>",
    )


def _with_links(text: str) -> str:
    parts: list[str] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])
