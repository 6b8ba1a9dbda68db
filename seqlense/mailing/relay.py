"""Where messages are handed over: the submission server, read from one URL that parses or refuses."""

import enum
import functools
import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from seqlense.mailing.errors import InvalidRelay


class Security(enum.StrEnum):
    """How the connection is protected. `none` is accepted on the loopback interface only."""

    starttls = "starttls"
    tls = "tls"
    none = "none"


SCHEMES: Mapping[str, tuple[Security, int]] = {
    "smtp+starttls": (Security.starttls, 587),
    "smtps": (Security.tls, 465),
    "smtp": (Security.none, 25),
}
SHAPE = "smtp+starttls://user:password@host:587, smtps://user:password@host:465, or smtp://127.0.0.1:port"


@dataclass(frozen=True, kw_only=True)
class Relay:
    """A submission server (RFC 6409; implicit TLS: RFC 8314) and how long we wait for it."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    authority: Path | None = None
    """PEM file trusted besides the system's own authorities, for a company's private one."""
    patience: float = 20.0
    """Seconds without an answer before we give up."""
    limit: float = 120.0
    """Seconds that the whole conversation may last, however alive the server seems."""

    @classmethod
    def parse(cls, url: str, *, password_file: Path | None = None, authority: Path | None = None) -> "Relay":
        """Raises InvalidRelay. A password file wins over a password in the URL."""
        parts = _split(url)
        security, default_port = SCHEMES[parts.scheme]
        host = parts.hostname or ""
        if security is Security.none and not _is_loopback(host):
            raise InvalidRelay("smtp:// without TLS is for 127.0.0.1 only; use smtp+starttls:// or smtps://")
        if security is Security.none and parts.username:
            raise InvalidRelay("a password is only sent over TLS; use smtp+starttls:// or smtps://")
        password = _read_secret(password_file) if password_file else unquote(parts.password or "")
        user = unquote(parts.username or "")
        if bool(user) != bool(password):
            raise InvalidRelay("a user needs a password (in the URL or a file), and a password needs a user")
        if authority is not None and not authority.is_file():
            raise InvalidRelay("the certificate authority file does not exist")
        return cls(
            host=host,
            port=_port(parts) or default_port,
            security=security,
            user=user,
            password=password,
            authority=authority,
        )

    def tls(self) -> ssl.SSLContext:
        """Verified host name and chain, TLS 1.2 at least; there is no setting to switch this off."""
        return _trusting(self.authority, self.authority.stat().st_mtime_ns if self.authority else 0)


@functools.lru_cache(maxsize=4)
def _trusting(authority: Path | None, changed: int) -> ssl.SSLContext:
    """Reading the system's authorities takes longer than a whole conversation: once a process is enough."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authority is not None:
        context.load_verify_locations(cafile=authority)
    return context


def _split(url: str) -> SplitResult:
    refused = InvalidRelay(f"expected {SHAPE}")
    try:
        parts = urlsplit(url)
        known = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise refused
    return parts


def _port(parts: SplitResult) -> int | None:
    return parts.port


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_secret(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        raise InvalidRelay("the password file is missing, empty or unreadable")
    return text
