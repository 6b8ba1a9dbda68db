"""Making backups: one of each chain, one after the other, each whole or not at all, each noted as an act."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from seqlense.privacy import acts, keystore, log, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.backups import data, documents, keys, manifest, places, pruning
from seqlense.privacy.backups.errors import BackupError
from seqlense.privacy.backups.manifest import File, Manifest
from seqlense.privacy.backups.places import CHAINS, Chain
from seqlense.privacy.backups.pruning import Pruned
from seqlense.privacy.keystore import vault
from seqlense.privacy.records import Act

type Report = Callable[[Chain, int], None]  # which chain, and bytes written since the last call

NO_SERVER: Final = 0
CREATED: Final = "privacy.backup_created"


@dataclass(frozen=True)
class Created:
    """What was made, oldest first, and what was removed after it."""

    backups: tuple[Manifest, ...]
    pruned: Pruned


def create(
    chains: Sequence[Chain] = CHAINS, *, actor: Actor, now: datetime, report: Report | None = None
) -> Created:
    """Back up these chains, then prune. A chain that has nothing (no document store) is left out.

    Raises a BackupError; what was finished before stays.
    """
    tell = report or (lambda _chain, _bytes: None)
    done: list[Manifest] = []
    with places.alone():
        _note_the_unnoted(actor=actor, now=now)
        for chain in chains:
            if made := _make(chain, now=now, report=tell):
                done.append(made)
                _note(made, actor=actor, now=now)
        pruned = pruning.prune_alone(now=now, actor=actor)
    return Created(tuple(done), pruned)


def _note(made: Manifest, *, actor: Actor, now: datetime) -> None:
    acts.record(
        CREATED,
        actor=actor,
        now=now,
        backup=made.name,
        chain=made.chain,
        bytes=made.size,
        epoch=made.epoch,
    )


def _note_the_unnoted(*, actor: Actor, now: datetime) -> None:
    """Of a backup whose process died right after giving it its name there is no proof yet."""
    noted = set(Act.objects.filter(kind=CREATED).values_list("detail__backup", flat=True))
    for place in places.listed():
        if place.name not in noted:
            with suppress(BackupError):  # what can't be read is an alarm of its own
                _note(manifest.read(place), actor=actor, now=now)


def _make(chain: Chain, *, now: datetime, report: Report) -> Manifest | None:
    def progress(written: int) -> None:
        report(chain, written)

    source = documents.folder()
    if (chain == "documents" and source is None) or (chain == "keystore" and not vault.available()):
        return None
    about = _About(chain, now)
    with places.made(chain, about.name) as folder:
        if chain == "data":
            with data.snapshot() as taken:
                program, file = data.write(taken, folder, progress)
            made = about.manifest(file, program, taken.server, taken.subjects, taken.sealed)
        elif chain == "keystore":
            major = keys.server()
            program, file = keys.write(major, folder, progress)
            made = about.manifest(file, program, major)
        else:
            assert source is not None
            program, file = documents.write(Path(source), folder, progress)
            made = about.manifest(file, program)
        manifest.write(made, folder)
    return made


class _About:
    """What is true when the backup begins."""

    def __init__(self, chain: Chain, now: datetime) -> None:
        self.chain, self.now = chain, now
        status = vault.read() if vault.available() else None
        self.epoch = status.epoch if status else 0
        self.installation = keystore.installation() if vault.available() else vault.NOBODY
        self.name = places.title(chain, now=now, epoch=self.epoch)
        head = log.head()
        self.size, self.root = head.size, head.root.hex()

    def manifest(
        self, file: File, program: str, server: int = NO_SERVER, subjects: int = 0, sealed: int = 0
    ) -> Manifest:
        return Manifest(
            installation=self.installation,
            chain=self.chain,
            name=self.name,
            created_at=self.now,
            epoch=self.epoch,
            register=running.register().version,
            log_size=self.size,
            log_root=self.root,
            sealed=sealed,
            server=server,
            program=program,
            subjects=subjects,
            files=(file,),
        )
