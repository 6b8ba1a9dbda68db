"""`seqlense egress rules`: what the product keeps to inside, for a firewall and a proxy outside."""

import socket

import pytest

from seqlense.privacy.egress import Allowed
from tests.cli.conftest import Command

ALLOWED = Allowed(declared={"stamps.example": "authority", "*.cdn.example": "host"}, own=("10.1.0.0/16",))


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(name: str, *_: object) -> list[tuple[object, ...]]:
        if name != "stamps.example":
            raise socket.gaierror
        return [(0, 0, 0, "", ("192.0.2.7", 0)), (0, 0, 0, "", ("2001:db8::7", 0, 0, 0))]

    monkeypatch.setattr("seqlense.privacy.egress.allowed", lambda: ALLOWED)
    monkeypatch.setattr("seqlense.privacy.egress.socket.getaddrinfo", looked_up)


def test_rules_for_a_firewall_and_for_a_proxy(command: Command) -> None:
    said = command("egress", "rules", "--format", "nftables", "--user", "platform")
    assert said.code == 0, said.err
    assert said.out.startswith("table inet seqlense\ndelete table inet seqlense\ntable inet seqlense {\n")
    assert "192.0.2.7, 10.1.0.0/16" in said.out
    assert "2001:db8::7" in said.out
    assert 'meta skuid "platform" counter reject' in said.out
    assert "*.cdn.example has no addresses of its own: use the proxy" in said.out

    proxy = command("egress", "rules", "--format", "proxy").out
    assert "dstdomain .cdn.example" in proxy
    assert proxy.endswith("http_access deny all\n")
    assert command("egress", "rules", "--format", "proxy", "--json").document["rules"] == proxy


def test_a_name_without_address_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlense.privacy.egress.allowed", lambda: Allowed(declared={"gone.example": "x"}))
    said = command("egress", "rules", "--format", "nftables")
    assert said.code == 1
    assert "gone.example" in said.err
    assert "# gone.example had no address when this was written" in said.out


@pytest.mark.parametrize("user", ['x"; flush ruleset', "", "Root", "a" * 40])
def test_an_account_is_a_name_and_nothing_else(command: Command, user: str) -> None:
    assert command("egress", "rules", "--format", "nftables", "--user", user).code == 2
