"""The guard at the socket, in a process of its own, for it can't be taken off again."""

import subprocess
import sys
from textwrap import dedent

import pytest

from seqlense.privacy.egress import Allowed, nftables_rules, proxy_rules

ALLOWED = Allowed(
    declared={"api.stripe.com": "stripe", "*.storage.example": "store"},
    own=("mail.seqlense.test", "10.1.0.0/16", "2001:db8::7"),
)


@pytest.mark.parametrize(
    "host",
    [
        "api.stripe.com",
        "API.Stripe.com.",
        "eu.storage.example",
        "deep.eu.storage.example",
        "mail.seqlense.test",
        "10.1.2.3",
        "::ffff:10.1.2.3",
        "2001:db8::7",
        "127.0.0.1",
        "::1",
        "localhost",
    ],
)
def test_declared_own_and_loopback_hosts_pass(host: str) -> None:
    assert ALLOWED.permits(host)


@pytest.mark.parametrize(
    "host",
    [
        "stripe.com",
        "evil-api.stripe.com",
        "api.stripe.com.evil.example",
        "storage.example",
        "notstorage.example",
        "10.2.0.1",
        "8.8.8.8",
        "2001:db8::8",
        "",
    ],
)
def test_all_others_are_refused(host: str) -> None:
    assert not ALLOWED.permits(host)


def test_loopback_can_be_closed_too() -> None:
    closed = Allowed(loopback=False)
    assert not any(closed.permits(host) for host in ("127.0.0.1", "localhost", "::1"))


def _run(body: str) -> str:
    start = """
        import socket, threading
        from seqlense.privacy import egress
        server = socket.create_server(("127.0.0.1", 0))
        port = server.getsockname()[1]
        egress.install(egress.Allowed(declared={"api.stripe.com": "stripe"}, loopback=LOOPBACK))
        def refused(work):
            try:
                work()
            except egress.EgressRefused as error:
                return error.host
            except OSError as error:
                return type(error).__name__
            return "passed"
    """
    loopback = "LOOPBACK = False" if "closed" in body else "LOOPBACK = True"
    program = "\n".join([loopback, dedent(start), dedent(body)])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_sockets_open_only_where_they_may() -> None:
    told = _run(
        """
        print(refused(lambda: socket.create_connection(("127.0.0.1", port), 5).close()))
        print(refused(lambda: socket.create_connection(("192.0.2.7", 80), 1)))
        print(refused(lambda: socket.getaddrinfo("tracker.example", 443)))
        print(refused(lambda: socket.gethostbyname("tracker.example")))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        print(refused(lambda: udp.sendto(b"x", ("192.0.2.8", 53))))
        print(refused(lambda: socket.getaddrinfo("api.stripe.com", 443)) in ("gaierror", "passed"))
        left, right = socket.socketpair(); left.send(b"x"); print(right.recv(1))
        """
    )
    assert told.split() == [
        "passed", "192.0.2.7", "tracker.example", "tracker.example", "192.0.2.8", "True", "b'x'",
    ]  # fmt: skip


def test_the_refusal_names_the_host_and_the_way_out() -> None:
    told = _run(
        """
        # closed
        try:
            socket.create_connection(("127.0.0.1", port))
        except PermissionError as error:
            print(error.code, error)
        """
    )
    assert told.startswith("egress-refused '127.0.0.1'")
    assert "recipients.yaml" in told


def test_rules_for_the_network_outside() -> None:
    proxy = proxy_rules(ALLOWED)
    assert "acl seqlense_recipients dstdomain api.stripe.com" in proxy
    assert "acl seqlense_recipients dstdomain .storage.example" in proxy
    assert proxy.rstrip().endswith("http_access deny all")
    nft = nftables_rules(Allowed(own=("10.1.0.0/16", "2001:db8::/32")), user="seqlense")
    assert "elements = { 10.1.0.0/16 }" in nft
    assert 'meta skuid "seqlense" counter reject' in nft
