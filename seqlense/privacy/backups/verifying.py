"""Whether a backup is whole, unaltered and ours: its signature, then every byte of it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.db import DatabaseError

from seqlense.privacy.backups import keys, manifest, places
from seqlense.privacy.backups.errors import BackupAltered, BackupCutShort, BackupElsewhere
from seqlense.privacy.backups.manifest import File, Manifest
from seqlense.privacy.backups.places import MANIFEST, Place
from seqlense.privacy.keystore import epochkeys, vault
from seqlense.privacy.keystore.errors import KeystoreError

type Progress = Callable[[int], None]  # bytes read since the last call
_PIECE: Final = 1 << 20


def verify(name: str, *, progress: Progress = lambda _bytes: None) -> Manifest:
    """Read all of it. Raises UnknownBackup, BackupCutShort, BackupAltered or BackupElsewhere."""
    place = places.named(name)
    found = manifest.read(place)
    _ours(found)
    _nothing_else(place, found)
    for file in found.files:
        _whole(place.path / file.name, file, name, progress)
    if found.chain == "keystore" and not found.server:
        keys.examine(place.path / keys.SQLITE)
    return found


def _ours(found: Manifest) -> None:
    """Of this installation, as far as keystore or epoch key are there to say which that is."""
    here = {epochkeys.read(epochkeys.path_of(epoch)).installation for epoch in epochkeys.epochs()[-1:]}
    try:
        row = vault.read() if vault.available() else None
    except (DatabaseError, KeystoreError):
        row = None
    if row is not None:
        here.add(row.installation)
    if here - {found.installation}:
        raise BackupElsewhere(
            f"{found.name} is of installation {found.installation}, and this one is {min(here)}. Restore it "
            "where its keystore and epoch key are."
        )


def _nothing_else(place: Place, found: Manifest) -> None:
    listed = {MANIFEST, *(one.name for one in found.files)}
    there = {path.name for path in place.path.iterdir()}
    if any(Path(name).name != name for name in listed):
        raise BackupAltered(f"The manifest of {place.name} names files elsewhere.")
    if missing := listed - there:
        raise BackupCutShort(f"{place.name} lacks {', '.join(sorted(missing))}. Take another backup.")
    if there - listed:
        raise BackupAltered(f"{place.name} holds files that its manifest doesn't know. Take another backup.")


def _whole(path: Path, file: File, name: str, progress: Progress) -> None:
    size = path.stat().st_size
    if size < file.size:
        raise BackupCutShort(
            f"{name}: {file.name} has {size} of {file.size} bytes: it was cut short. Take another backup."
        )
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
            progress(len(piece))
    if size != file.size or digest.hexdigest() != file.sha256:
        raise BackupAltered(
            f"{name}: {file.name} isn't what was written: altered, or damaged. Take another backup."
        )
