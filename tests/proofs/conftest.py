from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs import authority, witness
from tests.proofs.authority import Authority
from tests.proofs.logs import Log
from tests.proofs.witness import Witness


@pytest.fixture(scope="session")
def vouching(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A timestamp authority that nobody asks over the network."""
    return authority.established(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Authority]:
    """A timestamp authority that answers on loopback."""
    with authority.serving(tmp_path / "authority") as found:
        yield found


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A log of 300 acts."""
    made = Log(tmp_path / "log")
    made.grow(300)
    return made


@pytest.fixture
def watching(log: Log) -> Iterator[Witness]:
    """A witness of that log."""
    with witness.serving(log.key) as found:
        yield found
