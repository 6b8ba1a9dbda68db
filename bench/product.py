"""The whole product in this process, on a PostgreSQL of its own: settings, tables, people signed in."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqlense.kit.clock import now

if TYPE_CHECKING:
    from seqlense.accounts.models import Account

PASSWORD = "hackenberg brume tournesol"  # noqa: S105
HOST = "localhost"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody signed in: the cookies of their browser."""

    account: "Account"
    session: str

    @property
    def cookies(self) -> str:
        return f"session={self.session}"


@contextmanager
def product(**variables: str) -> Iterator[Path]:
    """Tables made, static files gathered, Django set up as in the served process; gives the home folder."""
    from seqlense.project import database
    from seqlense.project.embedded import Cluster
    from seqlense.project.environment import Environment, socket_folder

    with tempfile.TemporaryDirectory(prefix="seqlense-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        for name in ("keystore", "epoch-keys", "log", "static"):
            (home / name).mkdir(mode=0o700)
        os.environ |= {
            "SEQLENSE_MODE": "development",
            "SEQLENSE_HOME": folder,
            "SEQLENSE_SECRET_KEY": "measurements keep no secrets, and nobody signs in to them from outside",
            "SEQLENSE_PUBLIC_URL": f"http://{HOST}:8000",
            "DJANGO_SETTINGS_MODULE": "seqlense.project.settings",
            **variables,
        }
        where = Environment.read().database
        cluster = Cluster(
            data=home / "postgresql", socket=socket_folder(home), log=home / "log" / "postgresql.log"
        )
        server = cluster.start()
        try:
            database.create_database(cluster.conninfo, name=where.name, owner=where.user)
            _prepare(where)
            yield home
        finally:
            from django.db import connections

            connections.close_all()
            server.stop()


def _prepare(where: Any) -> None:
    from seqlense.project import preparing, serving

    preparing.roles(where)
    preparing.tables()
    preparing.static_files()
    serving.ready()


def person(number: int, *, password: str | None = None) -> "Account":
    """An open, verified account."""
    from seqlense.accounts import signing_up

    wishes = signing_up.Wishes(language="fr", country="FR")
    return signing_up.open_proven(
        f"person{number}@bench.example",
        wishes,
        name=f"Ada Martin-Lefèvre {number}",
        password=password,
        now=now(),
    )


def signed_in(account: "Account", *, strong: bool = False) -> Visitor:
    """The person in a browser, having just proven to be there; strong: with two factors."""
    from django.contrib.auth import login
    from django.http import HttpRequest

    from seqlense.accounts import sessions
    from seqlense.accounts.backends import BACKEND

    request = HttpRequest()
    request.session = sessions.SessionStore()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    login(request, account, backend=BACKEND)
    request.session[sessions.STRONG] = strong
    request.session[sessions.STAFF] = account.is_staff_member()
    request.session[sessions.DEVICE] = "Firefox, Linux"
    request.session[sessions.CONFIRMED] = int(now().timestamp())
    request.session.save()
    return Visitor(account=account, session=request.session.session_key or "")


def organisation(
    owner: "Account", members: int, name: str, *, first: int, also: Sequence["Account"] = ()
) -> None:
    """An organisation of that owner's with as many new members, from person number `first` on, and others."""
    from seqlense.kit.identifiers import uuid7
    from seqlense.organisations import founding
    from seqlense.organisations.models import Membership
    from seqlense.organisations.roles import Role
    from seqlense.organisations.tenancy import inside
    from seqlense.privacy.actor import Actor

    made = founding.found(
        name=name, account=owner, actor=Actor.person(owner.subject_id), now=now(), identifier=uuid7()
    )
    with inside(made.pk):
        Membership.objects.bulk_create(
            Membership(
                organisation=made,
                subject_id=one.subject_id,
                role=Role.MEMBER,
                joined_at=now(),
            )
            for one in (*(person(first + number) for number in range(members)), *also)
        )
