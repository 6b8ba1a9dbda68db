"""Where this installation keeps what it keeps: every folder that the settings name."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from django.conf import settings

from seqlense.project.embedded import Cluster
from seqlense.project.environment import Database, socket_folder

PUBLISHED: Final = "SEQLENSE_REGISTER"
"""The company's own texts, with the people it names as contacts."""


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """places: folders and files on this machine, none inside another.

    elsewhere: databases whose files aren't known here, as the variables that name them.
    """

    places: tuple[Path, ...]
    elsewhere: tuple[str, ...]


def of_installation(database: Database, keys: Database) -> Whereabouts:
    """Home, keys, keystore, backups, documents, log: whatever of it exists."""
    named = {one.resolve() for one in _named(keys) if one.exists()}
    places = sorted(one for one in named if not any(above in named for above in one.parents))
    elsewhere = [] if database.embedded else ["DATABASE_URL"]
    elsewhere += ["SEQLENSE_KEYS_URL"] if "postgresql" in keys.engine else []
    return Whereabouts(places=tuple(places), elsewhere=tuple(elsewhere))


def write_down(database: Database, home: Path) -> None:
    """Have the embedded server write to its files what it has in memory; another's does so by itself."""
    if not database.embedded:
        return
    cluster = Cluster(
        data=home / "postgresql", socket=socket_folder(home), log=home / "log" / "postgresql.log"
    )
    if cluster.answers():
        with psycopg.connect(cluster.conninfo, autocommit=True) as superuser:
            superuser.execute("CHECKPOINT")


def _named(keys: Database) -> Iterator[Path]:
    for name in dir(settings):
        value = getattr(settings, name) if name.startswith("SEQLENSE_") and name != PUBLISHED else None
        for one in value if isinstance(value, tuple | list) else [value]:
            if isinstance(one, Path) and one != Path():
                yield one
    if "sqlite" in keys.engine:
        yield Path(keys.name).parent  # with its own log beside it
