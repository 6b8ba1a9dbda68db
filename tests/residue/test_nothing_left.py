"""The promise at its full size: a thousand people erased, one rotation, and nobody readable on any disk."""

import gzip
import json
import sqlite3
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from seqlense.privacy import residue
from seqlense.privacy.residue import Scanner, sealed_file
from seqlense.project.embedded import _programs
from seqlense.project.environment import socket_folder
from tests import running
from tests.residue import crowd
from tests.residue.planting import found
from tests.running import Product

PASSPHRASE = "a passphrase of several words"


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[str, ...]:
    """The thousand markers in a file that a passphrase opens, as arguments of the command."""
    markers, passphrase = tmp_path / "markers.sealed", tmp_path / "passphrase"
    markers.write_bytes(sealed_file.seal(residue.typed(crowd.markers()), PASSPHRASE))
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    return "--marker-file", str(markers), "--passphrase-file", str(passphrase)


def test_of_a_thousand_erased_nobody_is_readable_anywhere(sealed: tuple[str, ...]) -> None:
    with running.home() as home, running.home() as away, running.product(home, "--without-demo") as product:
        subjects = json.loads(product.beside("tests.residue.crowd", "plant"))
        assert len(subjects) == crowd.PEOPLE
        everywhere_but_for_the_sealed(product, away)
        former = secrets_of(home, subjects)

        product.beside("tests.residue.crowd", "erase", said=json.dumps(subjects))
        product.beside("seqlense.project.cli", "keys", "rotate")
        product.beside("seqlense.project.cli", "backup", "create")

        searching = ("residue", "scan", *sealed, "--place", str(away), "--json")
        said = json.loads(product.beside("seqlense.project.cli", *searching))
        assert (said["count"], said["unread"], said["markers"]) == (0, [], crowd.PEOPLE)
        assert {str(home), str(away)} == set(said["places"])
        assert said["bytes"] > 60_000_000
        assert found(home, away, scanner=Scanner(former)) == [], (
            "neither old epoch key nor erased people's keys"
        )
        left = json.loads(product.beside("tests.residue.crowd", "keys", said=json.dumps(subjects)))
        assert left == {"staff_acts": crowd.MEMBERS}, (
            "a law keeps why staff read their files, and nothing else"
        )
        a_single_leak_is_seen(away)


def everywhere_but_for_the_sealed(product: Product, away: Path) -> None:
    """Backups are taken while everybody lives; a company's name shows that they are looked into."""
    product.beside("seqlense.project.cli", "backup", "create")
    programs, socket = _programs(), str(socket_folder(product.home))
    subprocess.run(
        [
            programs / "pg_basebackup",
            "-h",
            socket,
            "-U",
            "postgres",
            "-D",
            away / "base",
            "-Ft",
            "-z",
            "-cfast",
        ],
        check=True,
    )
    met = found(product.home, away, scanner=Scanner(residue.typed(crowd.COMPANY)))
    parts = {
        Path(one.path).relative_to(away if str(away) in one.path else product.home).parts[0] for one in met
    }
    assert parts == {"postgresql", "backups", "base"}
    assert {"pg_dump", "gzip"} <= {one.inside[0] for one in met if one.inside}


def secrets_of(home: Path, subjects: list[str]) -> tuple[residue.Marker, ...]:
    """The epoch key, and wrapped keys of some people, as they are now; bytes as text, one letter each."""
    epoch = next((home / "epoch-keys").glob("*.key")).read_text(encoding="utf-8")
    secret = next(line for line in epoch.splitlines() if line.startswith("key: ")).removeprefix("key: ")
    keystore = sqlite3.connect(home / "keystore" / "keystore.sqlite3")
    some = [UUID(one).hex for one in subjects[:20]]
    wrapped = keystore.execute(
        f"SELECT wrapped FROM keystore_datakey WHERE subject_id IN ({','.join('?' * len(some))})", some
    ).fetchall()
    keystore.close()
    assert len(wrapped) >= len(some)
    markers = residue.markers.listed(
        [(secret, "")] + [(bytes(one[0]).decode("latin-1"), "") for one in wrapped]
    )
    assert len(found(home / "keystore", home / "epoch-keys", scanner=Scanner(markers))) >= len(markers)
    return markers


def a_single_leak_is_seen(away: Path) -> None:
    """One name in one old log is enough."""
    name = crowd.surname(421)
    log = away / "mail.log.3.gz"
    log.write_bytes(gzip.compress(f"status=sent to=<ines.{name.upper()}@mail.example>\n".encode() * 5))
    (one, *_) = found(away, scanner=Scanner(residue.typed(name)))
    assert (one.path, one.inside) == (str(log), ("gzip",))
