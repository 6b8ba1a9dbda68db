"""Outside companies, on this machine: a host of videos, a sharing button, a counter of visits.

They count who asks. The browser is told that their names live here (`rules`), so that pages, policies and
addresses are those of the real world: https, the standard port, names of their own.
"""

import ssl
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

REGISTER: Final = Path(__file__).parent / "outside"
NAMES: Final = ("video.example", "share.example", "stats.example", "stranger.example")
ANSWERS: Final = {
    ".js": (
        "text/javascript",
        "new Image().src = 'https://share.example/seen.svg';"
        "document.cookie = 'stats-visitor=1; path=/; max-age=33696000; samesite=lax';"
        "localStorage.setItem('stats-memory', '1');"
        "fetch('https://stats.example/visit', {mode: 'no-cors'}).catch(() => {});",
    ),
    ".svg": ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ".css": ("text/css", "body { color: red }"),
    "": ("text/html", "<!doctype html><title>A film</title><p>A film</p>"),
}


@dataclass(kw_only=True)
class Vendors:
    """hits: how often each name was asked for anything at all."""

    port: int
    hits: Counter[str] = field(default_factory=Counter)
    asked: list[str] = field(default_factory=list)

    @property
    def rules(self) -> str:
        """For the browser's `--host-resolver-rules`."""
        return ",".join(f"MAP {name} 127.0.0.1:{self.port}" for name in NAMES)

    def forget(self) -> None:
        self.hits.clear()
        self.asked.clear()


@contextmanager
def vendors() -> Iterator[Vendors]:
    """All of them, at one port, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.headers.get("Host", "").partition(":")[0]
            found.hits[name] += 1
            found.asked.append(f"{name}{self.path}")
            suffix = next(one for one in ANSWERS if self.path.partition("?")[0].endswith(one))
            kind, text = ANSWERS[suffix]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = _certified().wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    found = Vendors(port=server.server_address[1])
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certified() -> ssl.SSLContext:
    """A certificate that the browser is told not to mind."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAMES[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in NAMES]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        file.flush()
        context.load_cert_chain(file.name)
    return context
