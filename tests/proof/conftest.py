"""A product of its own, lived in: people planted, pages visited, mails sent."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from seqlense.project.embedded import Cluster
from seqlense.project.environment import socket_folder
from tests import running
from tests.proof import people
from tests.running import Product

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@dataclass(frozen=True, kw_only=True)
class Lived:
    """The product, and the ids and sessions of who is in it."""

    product: Product
    subjects: dict[str, str]
    sessions: dict[str, str]

    @property
    def cluster(self) -> Cluster:
        """Its PostgreSQL."""
        home = self.product.home
        return Cluster(
            data=home / "postgresql", socket=socket_folder(home), log=home / "log" / "postgresql.log"
        )

    def checkpoint(self) -> None:
        """Have everything written down."""
        with psycopg.connect(self.cluster.conninfo, autocommit=True) as superuser:
            superuser.execute("CHECKPOINT")


class Browser:
    """Reads pages and sends forms, as somebody who is signed in or isn't."""

    def __init__(self, product: Product, session: str = "") -> None:
        self._host = product.url.removeprefix("http://")
        self._cookies = {"session": session} if session else {}

    def get(self, path: str) -> str:
        """The page at a path."""
        return self._ask("GET", path)

    def send(self, page: str, path: str = "", **typed: str) -> str:
        """Fill the form of a page and send it."""
        token = TOKEN.search(self.get(page))
        assert token, page
        return self._ask("POST", path or page, urlencode({"csrfmiddlewaretoken": token[1], **typed}))

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "User-Agent": AGENT,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = HTTPConnection(self._host, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            said = response.read().decode()
        finally:
            connection.close()
        for one in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(one).items():
                self._cookies[name] = morsel.value
        return said


def _visit(lived: Lived) -> None:
    """What people type goes through pages, right and wrong, so that logs and throttles could have it."""
    nobody = Browser(lived.product)
    for password in ("wrong", f"{people.TYPED} and wrong"):
        nobody.send("/fr/sign-in/", email=f"ines.{people.OWNER}@{people.OWNER}.example", password=password)
    nobody.send("/fr/sign-up/", email=f"neu@{people.TYPED}.example", country="DE")
    nobody.send("/en/password-forgotten/", email=f"{people.MEMBER}+plus@mail.example")
    nobody.send("/en/sign-in/", email=f"{people.TYPED}\0@mail.example", password="x" * 5000)
    paul = Browser(lived.product, lived.sessions["paul"])
    assert people.OWNER in paul.send(
        "/fr/console/accounts/", "/fr/console/accounts/search/", wanted=people.OWNER
    )
    file = f"/fr/console/accounts/{lived.subjects['member']}/"
    paul.send(file, reason=f"{people.REASON}, asked by {people.MEMBER}")
    assert people.MEMBER in paul.get(file)
    owner = Browser(lived.product, lived.sessions["owner"])
    for path in ("home/", "my-data/", "settings/", "security/", "close-account/"):
        assert "<h1" in owner.get(f"/fr/{path}")
    owner.send("/fr/settings/", "/fr/settings/name/", **{"name-name": people.TYPED, "name-seen": "stale"})


def _mails_have_left(product: Product) -> None:
    addresses = (f"ines.{people.OWNER}@{people.OWNER}.example".lower(), f"{people.PENDING}@mail.example")
    for address in (*addresses, f"neu@{people.TYPED}.example"):
        assert product.message(address)


@pytest.fixture(scope="session")
def lived() -> Iterator[Lived]:
    with running.home() as folder, running.product(folder, "--without-demo") as product:
        planted: dict[str, Any] = json.loads(product.beside("tests.proof.people", "plant"))
        found = Lived(product=product, **planted)
        _visit(found)
        _mails_have_left(product)
        time.sleep(0.5)  # the worker writes down that it is done
        yield found


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that PostgreSQL's own account may reach too."""
    with running.home() as folder:
        yield folder
