"""A network on this machine: consent, tokens, signatures and profiles over real HTTP, and its faults."""

import base64
import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from seqlense.audience.social.networks import KNOWN, Network
from seqlense.kit import clock

CLIENT: Final = "seqlense-of-the-tests"
SECRET: Final = "between the two of us"
ISSUER: Final = "https://issuer.example"
OURS: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
SHARED: Final = OctKey.import_key(SECRET * 2)
THIEF: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass
class Provider:
    """What it knows and how it behaves. who: whose browser says yes: id and name. fault: see `FAULTS`.

    asked: each request that reached it, by path. living: tokens given and not revoked.
    """

    port: int = 0
    who: tuple[str, str] = ("4242", "Alice A.")
    says_no: bool = False
    fault: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey | OctKey = field(default_factory=lambda: OURS)
    algorithm: str = "RS256"
    asked: list[str] = field(default_factory=list)
    living: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def network(self, name: str) -> Network:
        """That network, as if it were at home here."""
        known = KNOWN[name]
        found = {
            part: f"{self.address}/{part}"
            for part in ("authorize", "token", "keys", "profile", "revoke")
            if getattr(known, part)
        }
        return replace(known, client=CLIENT, secret=SECRET, issuer=ISSUER if known.issuer else "", **found)  # type: ignore[arg-type]  # texts

    def visit(self, address: str) -> str:
        """Somebody's browser goes there and answers; where it is led back to."""
        with pytest.raises(HTTPError) as led:
            urllib.request.build_opener(_Stay).open(address, timeout=5)
        with led.value as answer:
            assert answer.code == 302
            return str(answer.headers["Location"])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, *_: Any) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        self._answer(path, asked)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        sent = parse_qs(self.rfile.read(length).decode())
        self._answer(self.path, {name: values[0] for name, values in sent.items()})

    def _answer(self, path: str, asked: dict[str, str]) -> None:
        self.provider.asked.append(path)
        if path == "/authorize":
            self._authorize(asked)
        elif self._at_fault(path):
            return
        elif path == "/token":
            self._token(asked)
        elif path == "/keys":
            self._json({"keys": [OURS.as_dict(private=False)]})
        elif path == "/profile":
            self._profile()
        elif path == "/revoke":
            self.provider.living.discard(asked["token"])
            self._json({})
        else:
            self._json({}, 404)

    def _authorize(self, asked: Mapping[str, str]) -> None:
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        back = {"state": asked["state"]}
        if self.provider.says_no:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe()
            self.provider.codes[back["code"]] = dict(asked)
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        self.end_headers()

    def _token(self, asked: Mapping[str, str]) -> None:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        in_header = self.headers.get("Authorization") == f"Basic {basic}"
        in_form = (asked.get("client_id"), asked.get("client_secret")) == (CLIENT, SECRET)
        question = self.provider.codes.pop(asked["code"], None)
        if not (in_header or in_form):
            self._json({"error": "invalid_client"}, 401)
        elif question is None or not _fits(question, asked):
            self._json({"error": "invalid_grant"}, 400)
        else:
            token = secrets.token_urlsafe()
            self.provider.living.add(token)
            said = {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
            if "openid" in question["scope"]:
                said["id_token"] = self._id_token(question)
            self._json(said)

    def _id_token(self, question: Mapping[str, str]) -> str:
        now = int(clock.now().timestamp())
        account, name = self.provider.who
        claims = {"iss": ISSUER, "aud": CLIENT, "sub": account, "name": name, "iat": now, "exp": now + 600}
        if "nonce" in question:
            claims["nonce"] = question["nonce"]
        claims |= self.provider.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.provider.algorithm == "none":
            return ".".join(_text(one) for one in ({"alg": "none"}, claims)) + "."
        return jwt.encode({"alg": self.provider.algorithm, "kid": "one"}, claims, self.provider.key)

    def _profile(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.provider.living:
            self._json({"title": "Unauthorized"}, 401)
            return
        account, name = self.provider.who
        self._json({"data": {"id": account, "name": name, "username": name.split()[0].lower()}})

    def _at_fault(self, path: str) -> bool:
        where, _, what = self.provider.fault.partition(" ")
        if path != f"/{where}":
            return False
        fault: Callable[[_Handler], None] = FAULTS[what]
        fault(self)
        return True

    def _json(self, said: object, status: int = 200) -> None:
        self.raw(json.dumps(said).encode(), status)

    def raw(self, content: bytes, status: int = 200, **headers: str) -> None:
        """Send that."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _drip(handler: _Handler) -> None:
    """Byte by byte, never done."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(40):
            handler.wfile.write(b" ")
            time.sleep(0.05)
    except OSError:
        return


def _late(handler: _Handler) -> None:
    time.sleep(1.2)
    handler.raw(b"{}")


def _huge(handler: _Handler) -> None:
    try:
        handler.raw(b"[" * 3_000_000)
    except OSError:
        return


FAULTS: Final[dict[str, Callable[[_Handler], None]]] = {
    "slow": _late,
    "drip": _drip,
    "error": lambda handler: handler.raw(b"<html>Sorry</html>", 503),
    "junk": lambda handler: handler.raw(b"<html>Hello</html>"),
    "list": lambda handler: handler.raw(b"[1, 2]"),
    "deep": lambda handler: handler.raw(b"[" * 60_000),
    "empty": lambda handler: handler.raw(b""),
    "huge": _huge,
    "packed": lambda handler: handler.raw(b"\x1f\x8b", Content_Encoding="gzip"),
    "elsewhere": lambda handler: handler.raw(b"", 302, Location="http://127.0.0.1:1/"),
    "hangs up": lambda handler: handler.connection.close(),
    "refuses us": lambda handler: handler.raw(b'{"error": "invalid_client"}', 401),
}
"""Each takes the place of an answer: `provider.fault = "token slow"`."""


def _fits(question: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """The same address, and whoever asked (RFC 7636)."""
    challenge = question.get("code_challenge", "")
    return question["redirect_uri"] == asked["redirect_uri"] and challenge == _challenge(
        asked.get("code_verifier", "")
    )


def _challenge(verifier: str) -> str:
    digest = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    return digest if verifier else ""


def _text(part: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@contextmanager
def serving(port: int = 0) -> Iterator[Provider]:
    """The provider, at work on a free port."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def parts(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
