"""One conversation with the submission server, and a verdict that carries codes only.

Exceptions of `smtplib` hold addresses and the server's words (which often repeat the address). None of them
leaves this module: `hand_over` returns what happened instead of raising, so that no traceback, log line or
error page can keep a reference to the message.
"""

import re
import smtplib
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from seqlense.mailing.relay import Relay, Security

MORE, SIGNED_IN = 334, 235
ENHANCED_STATUS = re.compile(rb"\A\s*([245]\.\d{1,3}\.\d{1,3})(?:\s|\Z)")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a message was not taken."""

    code: str
    """Stable, ours: `mailing.recipient.refused`, `mailing.unreachable`..."""
    status: str = ""
    """The server's numbers (RFC 5321 reply code and RFC 3463 status), never its words."""
    permanent: bool = False
    """True when trying again can't help: the server refused this very message."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What the server is told, apart from the message itself."""

    sender: str
    recipient: str


def hand_over(
    relay: Relay, envelope: Envelope, message: EmailMessage, *, taken: Callable[[], object] = lambda: None
) -> Failure | None:
    """None once the server has taken responsibility for the message (RFC 5321 4.2.5).

    taken: called at that very moment, before the server is bidden farewell.
    """

    def submit(server: smtplib.SMTP) -> Failure | None:
        failure = _submit(server, envelope, message)
        if failure is None:
            taken()
        return failure

    return _converse(relay, submit)


def probe(relay: Relay) -> Failure | None:
    """Connect, secure and sign in, as for a message, and send nothing."""
    return _converse(relay, lambda server: _expect(server.noop(), "mailing.relay.refused"))


def _converse(relay: Relay, talk: Callable[[smtplib.SMTP], Failure | None]) -> Failure | None:
    try:
        server = _connect(relay)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return _explain(error, overdue=False)
    watch = _Watch(server, relay.limit)
    try:
        failure = _sign_in(server, relay) or talk(server)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return _explain(error, overdue=watch.bitten)
    finally:
        watch.release()
        _leave(server)
    return failure


def _connect(relay: Relay) -> smtplib.SMTP:
    # EHLO says "localhost" rather than this machine's name: smtplib would look that name up on the network.
    if relay.security is Security.tls:
        return smtplib.SMTP_SSL(
            relay.host, relay.port, local_hostname="localhost", timeout=relay.patience, context=relay.tls()
        )
    return smtplib.SMTP(relay.host, relay.port, local_hostname="localhost", timeout=relay.patience)


def _sign_in(server: smtplib.SMTP, relay: Relay) -> Failure | None:
    if relay.security is Security.starttls:
        server.ehlo()
        if not server.has_extn("starttls"):
            return Failure(code="mailing.tls.unavailable")
        server.starttls(context=relay.tls())
    server.ehlo_or_helo_if_needed()
    return _authenticate(server, relay) if relay.user else None


def _authenticate(server: smtplib.SMTP, relay: Relay) -> Failure | None:
    """PLAIN (RFC 4616) or LOGIN, in UTF-8: `smtplib` itself knows ASCII passwords only."""
    offered = server.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        number, words = server.docmd("AUTH", f"PLAIN {_base64(f'\0{relay.user}\0{relay.password}')}")
    elif "LOGIN" in offered:
        number, words = server.docmd("AUTH", f"LOGIN {_base64(relay.user)}")
        if number == MORE:
            number, words = server.docmd(_base64(relay.password))
    else:
        return Failure(code="mailing.authentication.unavailable")
    if number == SIGNED_IN:
        return None
    return Failure(code="mailing.authentication.refused", status=_status(number, words))


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")


def _submit(server: smtplib.SMTP, envelope: Envelope, message: EmailMessage) -> Failure | None:
    wide = not envelope.recipient.isascii()
    if wide and not server.has_extn("smtputf8"):
        return Failure(code="mailing.recipient.unsupported", permanent=True)
    body = message.as_bytes(policy=SMTPUTF8 if wide else SMTP)
    options = ["SMTPUTF8", "BODY=8BITMIME"] if wide else []
    # The commands are spoken one by one rather than through `sendmail`, whose errors are made of addresses.
    steps: tuple[tuple[str, Callable[[], tuple[int, bytes]]], ...] = (
        ("mailing.sender.refused", lambda: server.mail(envelope.sender, options)),
        ("mailing.recipient.refused", lambda: server.rcpt(envelope.recipient)),
        ("mailing.content.refused", lambda: server.data(body)),
    )
    for code, step in steps:
        failure = _expect(step(), code)
        if failure is not None:
            return failure
    return None


def _expect(reply: tuple[int, bytes], code: str) -> Failure | None:
    number, words = reply
    if 200 <= number < 300:
        return None
    # 530, 534, 535, 538 (RFC 4954) speak of our own signing in, and 421 of the server: another try can help.
    ours = number in (530, 534, 535, 538)
    return Failure(code=code, status=_status(number, words), permanent=500 <= number < 600 and not ours)


def _status(number: int, words: bytes) -> str:
    found = ENHANCED_STATUS.match(words)
    return f"{number} {found[1].decode('ascii')}" if found else str(number)


def _explain(error: smtplib.SMTPException | OSError | ValueError, *, overdue: bool) -> Failure:
    """All of these are temporary: they speak of the line or of our own set-up, not of the message."""
    match error:
        case _ if overdue:
            return Failure(code="mailing.timeout")
        case smtplib.SMTPDataError():  # the server refused the word DATA itself
            failure = _expect((error.smtp_code, _octets(error.smtp_error)), "mailing.content.refused")
            return failure or Failure(code="mailing.protocol")
        case smtplib.SMTPResponseException():
            return Failure(code="mailing.relay.refused", status=_status_of(error))
        case smtplib.SMTPServerDisconnected():
            # smtplib hides a timeout while reading behind "disconnected"; only its context tells.
            timed_out = isinstance(error.__context__, TimeoutError)
            return Failure(code="mailing.timeout" if timed_out else "mailing.disconnected")
        case ssl.SSLCertVerificationError():
            return Failure(code="mailing.tls.untrusted")
        case ssl.SSLError():
            return Failure(code="mailing.tls.failed")
        case TimeoutError():
            return Failure(code="mailing.timeout")
        case smtplib.SMTPException() | ValueError():  # an address that no command can hold
            return Failure(code="mailing.protocol")
        case _:
            return Failure(code="mailing.unreachable")


def _status_of(error: smtplib.SMTPResponseException) -> str:
    return _status(error.smtp_code, _octets(error.smtp_error))


def _octets(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode("utf-8", "replace")


def _leave(server: smtplib.SMTP) -> None:
    """QUIT is a courtesy: once DATA was accepted, trouble here changes nothing."""
    try:
        if server.sock is not None:
            server.sock.settimeout(2)
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


class _Watch:
    """Cuts a conversation that drags on: a byte now and then keeps a socket timeout from ever tripping."""

    def __init__(self, server: smtplib.SMTP, seconds: float) -> None:
        self.bitten = False
        self._server = server
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self._timer.start()

    def _bite(self) -> None:
        self.bitten = True
        sock = self._server.sock
        if sock is not None:
            try:
                sock.shutdown(2)
            except OSError:
                return

    def release(self) -> None:
        self._timer.cancel()
