"""A timestamp authority of our own on loopback: OpenSSL answers, a test CA vouches for it."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIGURATION = """
[tsa]
dir = {folder}
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/tsa.pem
certs = $dir/ca.pem
signer_key = $dir/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256

[ca_extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash

[tsa_extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid

[req]
distinguished_name = nobody
prompt = no

[nobody]
CN = nobody
"""


@dataclass
class Authority:
    """away: it answers 503. answer: what it says instead of a timestamp. asked: how often it was asked."""

    folder: Path
    url: str = ""
    away: bool = False
    answer: bytes | None = None
    asked: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def certificate(self) -> Path:
        """The root to believe in."""
        return self.folder / "ca.pem"

    def reply(self, query: bytes) -> bytes:
        """What OpenSSL answers to a query."""
        with self.lock:
            question, answer = self.folder / "query.tsq", self.folder / "answer.tsr"
            question.write_bytes(query)
            _openssl(self.folder, "ts", "-reply", "-config", "openssl.cnf", "-section", "tsa",
                     "-queryfile", str(question), "-out", str(answer))  # fmt: skip
            return answer.read_bytes()

    def stamp(self, content: bytes) -> bytes:
        """A token for these bytes, without asking over the network."""
        data, query = self.folder / "data", self.folder / "own.tsq"
        data.write_bytes(content)
        _openssl(self.folder, "ts", "-query", "-data", str(data), "-sha256", "-cert", "-out", str(query))
        return self.reply(query.read_bytes())


def established(folder: Path) -> Authority:
    """Its files: root, signing certificate, counter."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openssl.cnf").write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="ascii")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    _openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650",
             "-subj", "/CN=Test root", "-config", "openssl.cnf", "-extensions", "ca_extensions")  # fmt: skip
    _openssl(folder, "req", *key, "-keyout", "tsa.key", "-out", "tsa.csr",
             "-subj", "/CN=Test timestamps", "-config", "openssl.cnf")  # fmt: skip
    extensions = ("-extfile", "openssl.cnf", "-extensions", "tsa_extensions")
    _openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
             "-out", "tsa.pem", "-days", "3650", "-set_serial", "2", *extensions)  # fmt: skip
    return Authority(folder)


@contextmanager
def serving(folder: Path) -> Iterator[Authority]:
    """The authority behind HTTP on loopback."""
    authority = established(folder)

    class Counter(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked += 1
            if authority.away:
                self.send_error(503)
                return
            said = authority.reply(query) if authority.answer is None else authority.answer
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
