from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


@pytest.fixture
def log_folder(settings: Any, tmp_path: Path) -> Path:
    """A log of the product's own, that begins with the test."""
    settings.SEQLENSE_LOG = tmp_path / "published"
    settings.SEQLENSE_LOG_KEY = tmp_path / "key" / "log.key"
    settings.SEQLENSE_LOG_ORIGIN = "log.example/log"
    return tmp_path / "published"


@pytest.fixture
def stamps(settings: Any, log_folder: Path, asked: Authority) -> Authority:
    """As `log_folder`, with a timestamp authority."""
    settings.SEQLENSE_TIMESTAMP_URL = asked.url
    settings.SEQLENSE_TIMESTAMP_CA = asked.certificate
    settings.SEQLENSE_WITNESSES = ()
    return asked
