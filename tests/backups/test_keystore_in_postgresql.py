"""A keystore in PostgreSQL is backed up and brought back as one in a file is."""

import psycopg
import pytest
from django.db import connections

from seqlense.kit.clock import now
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import backups, keystore, restoring
from seqlense.privacy.actor import Actor
from seqlense.privacy.restoring.errors import NotEmpty
from seqlense.privacy.restoring.restore import restore
from tests.privacy.test_keystore_postgresql import _in_postgresql

__all__ = ["_in_postgresql"]
pytestmark = pytest.mark.django_db(transaction=True)
PLACE = b"somewhere"


def _emptied() -> None:
    where = connections["keys"].settings_dict
    connections["keys"].close()
    login = {"host": where["HOST"], "user": where["USER"], "autocommit": True}
    with psycopg.connect(**login, dbname="postgres") as server:
        server.execute("DROP DATABASE test_keys_elsewhere WITH (FORCE)")
        server.execute("CREATE DATABASE test_keys_elsewhere")


def test_it_comes_back_where_there_is_none() -> None:
    pairs = [(uuid7(), "accounts") for _ in range(20)]
    sealed = {pair: key.seal(b"x", PLACE) for pair, key in keystore.mint(pairs).items()}
    [made] = backups.create(["keystore"], actor=Actor.system("backups"), now=now()).backups
    assert made.server >= 15
    with pytest.raises(NotEmpty):
        restore(made.name, now=now())
    _emptied()
    restore(made.name, now=now())
    found = keystore.keys_for(pairs)
    assert all(found[pair].open(sealed[pair], PLACE) == b"x" for pair in pairs)
    assert restoring.locked() is None, "keys alone lock nothing"
