"""A witness on loopback, written from C2SP tlog-witness and not from our client."""

import base64
import hashlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tools.verify_proofs import is_continuation


@dataclass
class Witness:
    """name: under which it signs. log_key: of the one log it watches. seen: size and root it signed last.

    away: it answers 503. lying: it signs something else. asked: bodies of what it was asked.
    """

    name: str = "witness.example/w1"
    log_key: str = ""
    url: str = ""
    seen: tuple[int, bytes] = (0, b"")
    away: bool = False
    lying: bool = False
    asked: list[str] = field(default_factory=list)
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def key(self) -> str:
        """Its public key as verifiers write it."""
        raw = b"\x04" + self.private.public_key().public_bytes_raw()
        return f"{self.name}+{self._id.hex()}+{base64.b64encode(raw).decode()}"

    @property
    def _id(self) -> bytes:
        raw = b"\x04" + self.private.public_key().public_bytes_raw()
        return hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]

    def answer(self, body: str) -> tuple[int, str]:
        """Status and content for add-checkpoint."""
        self.asked.append(body)
        if self.away:
            return 503, ""
        head, _, note = body.partition("\n\n")
        old_line, *proof = head.split("\n")
        text, _, below = note.rpartition("\n\n")
        origin, size, root = text.split("\n")[:3]
        if not self._knows(origin, text + "\n", below):
            return 403, ""
        old, new = int(old_line.removeprefix("old ")), int(size)
        if old > new:
            return 400, ""
        if old != self.seen[0]:
            return 409, f"{self.seen[0]}\n"
        hashes = [base64.b64decode(one) for one in proof]
        if not is_continuation(old, self.seen[1], new, base64.b64decode(root), hashes):
            return 422, ""
        self.seen = (new, base64.b64decode(root))
        return 200, self._line(text + "\n")

    def _knows(self, origin: str, text: str, below: str) -> bool:
        name, _, rest = self.log_key.partition("+")
        public = base64.b64decode(rest.partition("+")[2])[1:]
        for signer, value in re.findall(r"^\u2014 (\S+) (\S+)$", below, re.MULTILINE):
            if signer == name == origin:
                try:
                    key = Ed25519PublicKey.from_public_bytes(public)
                    key.verify(base64.b64decode(value)[4:], text.encode())
                except InvalidSignature:
                    return False
                return True
        return False

    def _line(self, text: str) -> str:
        moment = int(time.time())
        signed = "something else\n" if self.lying else text
        signature = self.private.sign(f"cosignature/v1\ntime {moment}\n{signed}".encode())
        whole = self._id + moment.to_bytes(8, "big") + signature
        return f"\u2014 {self.name} {base64.b64encode(whole).decode()}\n"


@contextmanager
def serving(log_key: str) -> Iterator[Witness]:
    """The witness behind HTTP on loopback."""
    witness = Witness(log_key=log_key)

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, content = witness.answer(body) if self.path == "/w/add-checkpoint" else (404, "")
            self.send_response(status)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    witness.url = f"http://127.0.0.1:{server.server_address[1]}/w/"
    try:
        yield witness
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
