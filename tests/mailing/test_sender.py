"""Handing over to a real submission server, and every way in which it can fail us."""

import socket
import threading
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from seqlense.mailing.errors import InvalidRelay
from seqlense.mailing.relay import Relay, Security
from seqlense.mailing.sender import Envelope, Failure, hand_over, probe
from seqlense.project.catcher.catching import free_port
from tests.mailing.relays import USER, Authority, Conduct, make_authority, relay, running

# The double takes sign-in without STARTTLS where the whole connection is TLS; aiosmtpd warns of it.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

ENVELOPE = Envelope(sender="no-reply@example.org", recipient="alice@example.org")


def _message() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Bonjour"
    message["To"] = ENVELOPE.recipient
    message.set_content(".leading dot\nÀ bientôt", cte="quoted-printable")
    return message


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "tls"])
def test_it_submits_over_tls_signed_in(authority: Authority, implicit: bool) -> None:
    conduct = Conduct()
    with running(conduct, authority, implicit=implicit) as port:
        ours = relay(port, authority, implicit=implicit)
        assert probe(ours) is None
        assert conduct.taken == []
        assert hand_over(ours, ENVELOPE, _message()) is None
    (taken,) = conduct.taken
    assert (taken.mail_from, taken.rcpt_tos) == (ENVELOPE.sender, [ENVELOPE.recipient])
    assert isinstance(taken.content, bytes)
    assert b"\r\n.leading dot" in taken.content
    assert conduct.users == [USER, USER]


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "tls"])
def test_a_stranger_s_certificate_is_refused_before_the_password_is_said(
    authority: Authority, tmp_path: Path, implicit: bool
) -> None:
    elsewhere = make_authority(tmp_path, names=("mail.elsewhere.example",))
    conduct = Conduct()
    with running(conduct, elsewhere, implicit=implicit) as port:
        unknown = relay(port, authority, implicit=implicit)
        other_name = relay(port, authority, implicit=implicit, trusts=elsewhere.certificate)
        assert hand_over(unknown, ENVELOPE, _message()) == Failure(code="mailing.tls.untrusted")
        assert hand_over(other_name, ENVELOPE, _message()) == Failure(code="mailing.tls.untrusted")
    assert (conduct.users, conduct.taken) == ([], [])


def test_without_starttls_nothing_is_said(authority: Authority) -> None:
    conduct = Conduct()
    with running(conduct, None) as port:
        failure = hand_over(relay(port, authority), ENVELOPE, _message())
    assert failure == Failure(code="mailing.tls.unavailable")
    assert conduct.taken == []


@pytest.mark.parametrize(
    ("conduct", "expected"),
    [
        (
            Conduct(rcpt="550 5.1.1 <{}>: unknown"),
            Failure(code="mailing.recipient.refused", status="550 5.1.1", permanent=True),
        ),
        (
            Conduct(rcpt="450 4.2.0 <{}> greylisted"),
            Failure(code="mailing.recipient.refused", status="450 4.2.0"),
        ),
        (
            Conduct(mail="553 5.7.1 <{}> not yours"),
            Failure(code="mailing.sender.refused", status="553 5.7.1", permanent=True),
        ),
        (Conduct(mail="530 5.7.0 sign in first"), Failure(code="mailing.sender.refused", status="530 5.7.0")),
        (Conduct(data="554 too long"), Failure(code="mailing.content.refused", status="554", permanent=True)),
        (Conduct(data="452 4.3.1 disk full"), Failure(code="mailing.content.refused", status="452 4.3.1")),
        (Conduct(data="421 4.3.0 closing"), Failure(code="mailing.content.refused", status="421 4.3.0")),
        (Conduct(hang_up=True), Failure(code="mailing.disconnected")),
        (Conduct(pause=5), Failure(code="mailing.timeout")),
    ],
    ids=lambda value: value.status or value.code if isinstance(value, Failure) else "",
)
def test_a_refusal_is_codes_only(authority: Authority, conduct: Conduct, expected: Failure) -> None:
    with running(conduct, authority) as port:
        failure = hand_over(relay(port, authority, patience=0.5), ENVELOPE, _message())
    assert failure == expected
    assert "alice" not in repr(failure)


def test_a_wrong_password_may_be_mended(authority: Authority) -> None:
    with running(Conduct(), authority) as port:
        failure = probe(relay(port, authority, password="wrong"))
    assert failure == Failure(code="mailing.authentication.refused", status="535 5.7.8")


def test_nobody_listens() -> None:
    assert probe(Relay.parse(f"smtp://127.0.0.1:{free_port()}")) == Failure(code="mailing.unreachable")


def test_a_server_that_drips_is_cut_off() -> None:
    """One byte now and then keeps a socket timeout from tripping; the conversation has its own limit."""

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 hello\r\n")
            try:
                while True:
                    connection.sendall(b"2")
                    time.sleep(0.1)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        port = listener.getsockname()[1]
        ours = Relay(host="127.0.0.1", port=port, security=Security.none, patience=2, limit=0.6)
        began = time.monotonic()
        failure = probe(ours)
        assert time.monotonic() - began < 2
        thread.join(5)
    assert failure == Failure(code="mailing.timeout")


def test_an_international_address_needs_a_server_that_speaks_it(authority: Authority) -> None:
    envelope = Envelope(sender=ENVELOPE.sender, recipient="élodie@example.org")
    message = _message()
    conduct = Conduct()
    with running(conduct, authority, enable_SMTPUTF8=True) as port:
        assert hand_over(relay(port, authority), envelope, message) is None
    assert conduct.taken[0].rcpt_tos == ["élodie@example.org"]
    with running(conduct, authority, enable_SMTPUTF8=False) as port:
        failure = hand_over(relay(port, authority), envelope, message)
    assert failure == Failure(code="mailing.recipient.unsupported", permanent=True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp+starttls://u:p@mail.example.org", ("mail.example.org", 587, Security.starttls)),
        ("smtps://u:p@mail.example.org", ("mail.example.org", 465, Security.tls)),
        ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025, Security.none)),
        ("smtp://[::1]:1025", ("::1", 1025, Security.none)),
    ],
)
def test_the_relay_s_url_is_parsed(url: str, expected: tuple[str, int, Security]) -> None:
    parsed = Relay.parse(url)
    assert (parsed.host, parsed.port, parsed.security) == expected


@pytest.mark.parametrize(
    "url",
    [
        "", "mail.example.org", "http://mail.example.org", "smtp://mail.example.org", "smtp://u:secret@127.0.0.1",
        "smtps://u@mail.example.org", "smtps://:secret@mail.example.org", "smtps://u:secret@mail.example.org:port",
        "smtps://u:secret@mail.example.org/path", "smtps://u:secret@mail.example.org?x=1", "smtps://u:secret@",
    ],
)  # fmt: skip
def test_a_relay_s_url_that_can_t_be_right_is_refused(url: str) -> None:
    with pytest.raises(InvalidRelay) as refused:
        Relay.parse(url)
    assert "secret" not in str(refused.value)


def test_a_password_file_must_say_something(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for path in (tmp_path / "empty", tmp_path / "missing", tmp_path):
        with pytest.raises(InvalidRelay):
            Relay.parse("smtps://u@mail.example.org", password_file=path)
    with pytest.raises(InvalidRelay):
        Relay.parse("smtps://u:p@mail.example.org", authority=tmp_path / "missing")
