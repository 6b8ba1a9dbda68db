"""The promise, read off the disk: sealed while people live, gone from every copy once they are erased."""

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

from seqlense.privacy import residue
from seqlense.privacy.residue import Scanner
from seqlense.project.embedded import Cluster, _programs
from tests.proof import people
from tests.proof.conftest import Browser, Lived

ERASED = ("owner", "member", "invited")
NAMES = Scanner(residue.typed("\n".join((*people.WORDS, people.DEVICE))))
COMPANY = Scanner(residue.typed(people.ORGANISATION))


def test_nothing_is_readable_while_people_live_nor_opened_once_they_are_erased(
    lived: Lived, elsewhere: Path
) -> None:
    nothing_on_the_disk_names_anybody(lived)
    backup = a_backup_taken(lived, elsewhere)
    epoch_key = (lived.product.home / "epoch-keys" / "epoch-000001.key").read_text()

    lived.product.beside("tests.proof.people", "erase", *(lived.subjects[one] for one in ERASED))
    lived.product.beside("seqlense.project.cli", "keys", "rotate")

    nothing_on_the_disk_names_anybody(lived)
    what_was_destroyed_is_nowhere(lived, elsewhere / "keystore.sqlite3", epoch_key)
    server = backup.start()
    try:
        today_s_keystore_opens_the_living_only(lived, backup)
        yesterday_s_keystore_opens_nobody(lived, backup, elsewhere / "keystore.sqlite3")
    finally:
        server.stop()
    assert people.LIVING in Browser(lived.product, lived.sessions["living"]).get("/fr/my-data/")


def nothing_on_the_disk_names_anybody(lived: Lived) -> None:
    """Tables, WAL, indexes, statistics, keystore and its log, keys, sessions, logs: the whole home."""
    lived.checkpoint()
    home = lived.product.home
    everything = [one for one in home.iterdir() if one.name != "static"]
    assert {"postgresql", "keystore", "epoch-keys", "log"} <= {one.name for one in everything}
    assert any((home / "postgresql" / "pg_wal").iterdir())
    findings = NAMES.scan(everything)
    assert (findings.found, findings.unread) == ((), ())
    assert findings.bytes > 20_000_000
    positive = {Path(one.path).relative_to(home).parts[0] for one in COMPANY.scan(everything).found}
    assert positive == {"postgresql"}, "a company's name is stored as it is: the scan sees rows"


def a_backup_taken(lived: Lived, elsewhere: Path) -> Cluster:
    """A base backup of the data, and a copy of the keystore as it was."""
    data = elsewhere / "data"
    subprocess.run(
        [
            _programs() / "pg_basebackup",
            *("-h", lived.cluster.socket, "-U", "postgres", "-D", data, "-X", "stream", "-c", "fast"),
        ],
        check=True,
    )
    found = Cluster(data=data, socket=elsewhere / "run", log=elsewhere / "log" / "postgresql.log")
    _handed_over(data, like=lived.cluster.data)
    source = sqlite3.connect(lived.product.home / "keystore" / "keystore.sqlite3")
    copy = sqlite3.connect(elsewhere / "keystore.sqlite3")
    source.backup(copy)
    source.close()
    copy.close()
    return found


def _handed_over(folder: Path, *, like: Path) -> None:
    """PostgreSQL starts only on a folder that is its account's own."""
    owner = like.stat()
    for one in (folder, *folder.rglob("*")):
        shutil.chown(one, owner.st_uid, owner.st_gid)


def what_was_destroyed_is_nowhere(lived: Lived, old: Path, epoch_key: str) -> None:
    """Neither the epoch key that was retired, nor the wrapped keys of who was erased."""
    home = lived.product.home
    folders = (home / "keystore", home / "epoch-keys", home / "log")
    now = [one.read_bytes() for folder in folders for one in folder.rglob("*") if one.is_file()]
    secret = next(line for line in epoch_key.splitlines() if line.startswith("key: ")).removeprefix("key: ")
    assert not any(secret.encode() in content for content in now)
    erased = [UUID(lived.subjects[one]).hex for one in ERASED]
    keystore = sqlite3.connect(old)
    wrapped = keystore.execute(
        f"SELECT wrapped FROM keystore_datakey WHERE subject_id IN ({','.join('?' * len(erased))})", erased
    ).fetchall()
    keystore.close()
    assert len(wrapped) >= len(ERASED)
    assert not any(bytes(key) in content for (key,) in wrapped for content in now)


def _attempt(lived: Lived, backup: Cluster, **variables: str) -> dict[str, Any]:
    url = f"postgresql://postgres@/seqlense?host={backup.socket}"
    found: dict[str, Any] = json.loads(
        lived.product.beside("tests.proof.opening", DATABASE_URL=url, **variables)
    )
    return found


def today_s_keystore_opens_the_living_only(lived: Lived, backup: Cluster) -> None:
    """Of who was erased it opens what a law keeps, the staff's reason to read, and nothing else."""
    found = _attempt(lived, backup)
    for who in ERASED:
        held = {key.split()[1]: count for key, count in found["counts"].items() if lived.subjects[who] in key}
        kept = held.pop("staff_acts", None)
        assert held, who
        assert all(sealed and not opened for sealed, opened in held.values()), (who, held)
        assert kept is None or kept[0] == kept[1]
    living = {key: count for key, count in found["counts"].items() if lived.subjects["living"] in key}
    assert living
    assert all(sealed == opened for sealed, opened in living.values())
    texts = " ".join(found["texts"]).casefold()
    assert people.LIVING.casefold() in texts
    reasons = [text for text in found["texts"] if people.REASON in text]
    others = " ".join(text for text in found["texts"] if text not in reasons).casefold()
    assert [one for one in people.WORDS if one.casefold() in others] == [people.LIVING, people.TYPED]


def yesterday_s_keystore_opens_nobody(lived: Lived, backup: Cluster, old: Path) -> None:
    """Its keys are wrapped under an epoch key that is no more."""
    assert _attempt(lived, backup, SEQLENSE_KEYS_URL=f"sqlite:///{old}") == {"refused": "EpochKeyMissing"}
