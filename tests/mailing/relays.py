"""A real submission server over TLS on the loopback interface, which can be told to misbehave."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from seqlense.mailing.relay import Relay
from seqlense.project.catcher.catching import Listener

USER, PASSWORD = "no-reply", "p:ss/w@rd é"


@dataclass
class Conduct:
    """What the server answers at each step (None: the usual), and what it was given."""

    mail: str | None = None
    rcpt: str | None = None
    data: str | None = None
    pause: float = 0
    hang_up: bool = False
    taken: list[Envelope] = field(default_factory=list)
    users: list[str] = field(default_factory=list)


class Handler:
    """Obeys its Conduct."""

    def __init__(self, conduct: Conduct) -> None:
        self.conduct = conduct

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.conduct.mail:
            return self.conduct.mail.format(address)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.conduct.rcpt:
            return self.conduct.rcpt.format(address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.conduct.hang_up:
            assert server.transport is not None
            server.transport.close()
        await asyncio.sleep(self.conduct.pause)
        if self.conduct.data:
            return self.conduct.data
        self.conduct.taken.append(envelope)
        return "250 2.0.0 Queued"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, way: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.conduct.users.append(given.login.decode())
        right = (given.login.decode(), given.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=right, handled=False)


@dataclass(frozen=True)
class Authority:
    """A certificate authority made for this test run, and a server certificate it signed."""

    folder: Path

    @property
    def certificate(self) -> Path:
        return self.folder / "authority.pem"

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context


def make_authority(folder: Path, *, names: tuple[str, ...] = ("localhost",)) -> Authority:
    now = datetime.now(UTC)
    own_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])

    def begin(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        )
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))

    usage = dict.fromkeys(
        ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"],
        False,
    )
    authority = (
        begin(issuer, own_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own_key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                **usage, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False
            ),
            critical=True,
        )
        .sign(own_key, hashes.SHA256())
    )
    alternatives = [x509.DNSName(name) for name in names] + [x509.IPAddress(ip_address("127.0.0.1"))]
    server = (
        begin(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]), server_key)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(own_key.public_key()), critical=False
        )
        .sign(own_key, hashes.SHA256())
    )
    (folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(server.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return Authority(folder)


@contextmanager
def running(
    conduct: Conduct, authority: Authority | None, *, implicit: bool = False, **options: Any
) -> Iterator[int]:
    """The server, until the block ends; answers its port. Without an authority it offers no TLS at all."""
    handler = Handler(conduct)
    security: dict[str, Any] = {}
    if authority and implicit:
        security = {"ssl_context": authority.server_context()}
    elif authority:
        security = {"tls_context": authority.server_context(), "require_starttls": True}
    sign_in: dict[str, Any] = (
        {"authenticator": handler.authenticate, "auth_required": True, "auth_require_tls": not implicit}
        if authority
        else {}
    )
    controller = Listener(handler, **security, **sign_in, **options)
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()


def relay(port: int, authority: Authority, *, implicit: bool = False, **changes: Any) -> Relay:
    """Our side of it, with the right password."""
    folder = authority.folder
    (folder / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    scheme = "smtps" if implicit else "smtp+starttls"
    parsed = Relay.parse(
        f"{scheme}://{USER}@{changes.pop('host', 'localhost')}:{port}",
        password_file=folder / "password",
        authority=changes.pop("trusts", authority.certificate),
    )
    return Relay(**{name: changes.get(name, getattr(parsed, name)) for name in parsed.__dataclass_fields__})
