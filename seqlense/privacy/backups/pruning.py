"""Old backups go: data and documents on their day, of the keystore everything but the latest copy.

A copy of the keystore holds keys of people erased after it. They open nothing once their epoch is over, and
until then only with its key; still, none is kept longer than needed: when one can't be removed, whoever asked
hears of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.backups import manifest, places
from seqlense.privacy.backups.errors import BackupError, BackupRunning, NoPlace
from seqlense.privacy.backups.places import Place
from seqlense.privacy.keystore import signals, vault


@dataclass(frozen=True)
class Pruned:
    """removed: names that went. staying: names that should have gone and couldn't be removed."""

    removed: tuple[str, ...] = ()
    staying: tuple[str, ...] = ()


def connect() -> None:
    """Prune right after each rotation: what an earlier epoch made opens nothing any more, and goes."""
    signals.rotated.connect(_after_a_rotation, dispatch_uid="seqlense.backups")


def _after_a_rotation(now: datetime, **_: Any) -> None:
    """A copy that stays is an alarm; the rotation is over in any case."""
    try:
        if places.folder("keystore").is_dir():
            prune(now=now, actor=Actor.system("rotation"))
    except (NoPlace, BackupRunning):  # who makes backups at this moment prunes after it
        return


def prune(*, now: datetime, actor: Actor) -> Pruned:
    """Remove what is over its time, and what was cut off. Raises BackupRunning."""
    with places.alone():
        return prune_alone(now=now, actor=actor)


def prune_alone(*, now: datetime, actor: Actor) -> Pruned:
    """The same, while the caller keeps others away."""
    removed, staying = [], []
    for path in [*places.leftovers(), *(one.path for one in over(now=now))]:
        try:
            places.remove(path, overwrite=path.parent == places.folder("keystore"))
        except OSError:
            staying.append(path.name)
        else:
            removed.append(path.name)
    if removed or staying:
        acts.record(
            "privacy.backups_pruned", actor=actor, now=now, removed=len(removed), staying=len(staying)
        )
    return Pruned(tuple(removed), tuple(staying))


def over(*, now: datetime) -> list[Place]:
    """Backups whose time has come."""
    latest = {one.chain: one.name for one in places.listed()}
    old = [
        one
        for one in places.listed("data", "documents")
        if one.at + places.kept_for() <= now and latest[one.chain] != one.name
    ]
    return [*old, *outdated_keys()]


def outdated_keys() -> list[Place]:
    """Copies of the keystore but the latest; that one too, once a new epoch has begun."""
    copies = places.listed("keystore")
    if not copies:
        return []
    row = vault.read() if vault.available() else None
    latest = copies.pop()
    return [*copies, latest] if row is not None and _epoch(latest) < row.epoch else copies


def _epoch(place: Place) -> int:
    """The epoch that it was made under; before all of them where that can't be read."""
    try:
        return manifest.read(place).epoch
    except BackupError:
        return -1
